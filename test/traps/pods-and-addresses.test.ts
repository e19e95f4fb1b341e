import { expect, test } from 'vitest'
import type { RawObject, RawPod } from '../oracle/raw-cluster.ts'
import { app, deny, ingressOf, labelled } from './shop.ts'
import { expectVerdicts, testTraps } from './trap-table.ts'
import { createWorld, worldOf } from './world.ts'

const finished = (phase: string) => ({ status: { phase } })
const born = (creationTimestamp: string) => ({ metadata: { creationTimestamp } })
const terminating = { metadata: { deletionTimestamp: '2026-02-01T00:00:00Z' } }

const web = labelled('web', '10.244.1.1')
const client = labelled('client', '10.244.1.2')

testTraps([
  ...['Succeeded', 'Failed'].flatMap((phase) => [
    {
      trap: `trap 25: a ${phase} pod is no peer at the address that it had`,
      objects: [web, labelled('client', '10.244.1.2', finished(phase)), ingressOf('web', { from: [app('client')] })],
      denies: ['10.244.1.2 > 10.244.1.1 TCP/80'],
    },
    {
      trap: `trap 25: a ${phase} pod isolates nothing at the address that it had`,
      objects: [labelled('web', '10.244.1.1', finished(phase)), client, ingressOf('web')],
      allows: ['10.244.1.2 > 10.244.1.1 TCP/80'],
    },
    {
      trap: `trap 25: of a ${phase} pod and a live one on one address the live one wins, however new the other is`,
      objects: [
        web,
        labelled('client', '10.244.1.2', { ...finished(phase), ...born('2026-03-01T00:00:00Z') }),
        labelled('other', '10.244.1.2', born('2026-01-01T00:00:00Z')),
        ingressOf(
          'web',
          { from: [app('client')], ports: [{ port: 80 }] },
          { from: [app('other')], ports: [{ port: 81 }] },
        ),
      ],
      allows: ['10.244.1.2 > 10.244.1.1 TCP/81'],
      denies: ['10.244.1.2 > 10.244.1.1 TCP/80'],
    },
  ]),
  {
    trap: 'trap 25: of two live pods the newer one owns the address',
    objects: [
      web,
      labelled('client', '10.244.1.2', born('2026-01-01T00:00:00Z')),
      labelled('other', '10.244.1.2', born('2026-01-02T00:00:00Z')),
      ingressOf('web', { from: [app('other')] }),
      ingressOf('client'),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.2 TCP/80'],
  },
  {
    trap: 'trap 26: a terminating pod is still isolated and still a peer',
    objects: [
      labelled('web', '10.244.1.1', terminating),
      labelled('client', '10.244.1.2', terminating),
      labelled('other', '10.244.1.3'),
      ingressOf('web', { from: [app('client')] }),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.3 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 26: but a pod that took its address over comes before it',
    objects: [
      labelled('web', '10.244.1.1', {
        metadata: { ...terminating.metadata, creationTimestamp: '2026-03-01T00:00:00Z' },
      }),
      labelled('next', '10.244.1.1', born('2026-01-01T00:00:00Z')),
      client,
      ingressOf('web'),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80'],
  },
])

test('trap 25: whatever the order of events, also while the live pod’s init containers run', () => {
  const old = labelled('old', '10.244.1.2', born('2026-01-01T00:00:00Z'))
  const done: RawPod = { ...old, status: { ...old.status, phase: 'Succeeded' } }
  const next = labelled('next', '10.244.1.2', { ...born('2026-01-02T00:00:00Z'), status: { phase: 'Pending' } })
  const events: readonly RawObject[] = [web, old, done, next, ingressOf('web', { from: [app('next')] })]
  const orders = permutations(events).filter((order) => order.indexOf(old) < order.indexOf(done))
  expect(orders).toHaveLength(60)
  for (const order of orders) {
    const world = createWorld()
    for (const object of order) world.put(object)
    expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
    world.remove(old)
    expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
  }
})

test('trap 26: a terminating pod lets go of everything when it is finished, or gone', () => {
  const watched = { denies: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.3 > 10.244.1.1 TCP/80'] }
  for (const end of ['Failed', 'gone']) {
    const world = worldOf(labelled('web', '10.244.1.1', terminating), client, labelled('other', '10.244.1.3'), deny)
    expectVerdicts(world, watched)
    if (end === 'gone') world.remove(web)
    else world.put(labelled('web', '10.244.1.1', { ...terminating, ...finished(end) }))
    world.remove(deny)
    world.put(labelled('other', '10.244.1.1'), ingressOf('web'))
    expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
  }
})

test('trap 27: a pod that gets its address is isolated in the first transaction that names it', () => {
  const world = worldOf(
    labelled('web', '', { status: { phase: 'Pending', podIPs: [] } }),
    client,
    deny,
    ingressOf('client', { from: [app('web')] }),
  )
  expect(world.engine.graph().pods.get('shop/web')?.ingress).not.toBe('open')
  const naming = world.put(web).filter((text) => /\b10\.244\.1\.1\b/.test(text))
  expect(naming[0]).toMatch(/add element inet selvedge in4 \{ 10\.244\.1\.1 : jump in4-10\.244\.1\.1 \}/)
  expect(naming[0]).toMatch(/add element inet selvedge eg4 \{ 10\.244\.1\.1 : jump eg4-10\.244\.1\.1 \}/)
  expectVerdicts(world, { denies: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.2 TCP/80'] })
})

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
