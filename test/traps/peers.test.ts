import { expect, test } from 'vitest'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawPeer, RawPolicy, RawRule } from '../oracle/raw-cluster.ts'
import { expectVerdicts, testTraps } from './trap-table.ts'
import { createWorld, worldOf } from './world.ts'

const web = pod('shop/web', '10.244.1.1', { labels: { app: 'web' } })
const client = pod('shop/client', '10.244.1.2', { labels: { app: 'client' } })
const bare = pod('shop/bare', '10.244.1.3')
const foreign = pod('ops/client', '10.244.1.4', { labels: { app: 'client' } })
const stranger = pod('ops/bare', '10.244.1.5')
const pods = [web, client, bare, foreign, stranger, namespace('ops', { team: 'ops' })]

/** For the pods `app: web` of shop: a spec, or the rules of its ingress. */
const onWeb = (spec: RawPolicy['spec'], name = 'in') =>
  policy(`shop/${name}`, { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ...spec })
const from = (...peers: readonly RawPeer[]) => onWeb({ ingress: [{ from: peers }] })

const all = ['2', '3', '4', '5'].map((host) => `10.244.1.${host}`)
const toWeb = (...hosts: readonly string[]) => hosts.map((host) => `10.244.1.${host} > 10.244.1.1 TCP/80`)
const everything = [...all, '203.0.113.7'].flatMap((source) =>
  ['TCP/80', 'UDP/53', 'SCTP/9', 'ICMP', 'other'].map((what) => `${source} > 10.244.1.1 ${what}`),
)
const inApp = (...values: readonly string[]) => ({ matchExpressions: [{ key: 'app', operator: 'In', values }] })

/** Ways to say the same, by what they say. */
const opening: Readonly<Record<string, NonNullable<RawPolicy['spec']>>> = {
  'from: []': { ingress: [{ from: [] }] },
  'from: null': { ingress: [{ from: null }] },
  'ingress: [{}]': { ingress: [{}] },
  'ingress: [null]': { ingress: [null] },
  'ports: [] and from: []': { ingress: [{ from: [], ports: [] }] },
}
const closing: Readonly<Record<string, NonNullable<RawPolicy['spec']>>> = {
  'ingress: []': { ingress: [] },
  'ingress: null': { ingress: null },
  'ingress missing': {},
}

testTraps([
  ...Object.entries(opening).map(([says, spec]) => ({
    trap: `trap 11: ${says} allows everything from everyone`,
    objects: [...pods, onWeb(spec)],
    allows: everything,
  })),
  ...Object.entries(closing).map(([says, spec]) => ({
    trap: `trap 11: ${says} denies everything`,
    objects: [...pods, onWeb(spec)],
    denies: everything,
  })),
  {
    trap: 'trap 12: podSelector {} alone is the namespace of the policy',
    objects: [...pods, from({ podSelector: {} })],
    allows: toWeb('2', '3'),
    denies: [...toWeb('4', '5'), '203.0.113.7 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 12: namespaceSelector {} is every pod of every namespace, and nothing outside',
    objects: [...pods, from({ namespaceSelector: {} })],
    allows: toWeb('2', '3', '4', '5'),
    denies: ['203.0.113.7 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 12: both selectors in one peer must hold',
    objects: [...pods, from({ namespaceSelector: { matchLabels: { team: 'ops' } }, podSelector: inApp('client') })],
    allows: toWeb('4'),
    denies: toWeb('2', '3', '5'),
  },
  {
    trap: 'trap 12: as two peers either may hold, and podSelector is the own namespace again',
    objects: [...pods, from({ namespaceSelector: { matchLabels: { team: 'ops' } } }, { podSelector: inApp('client') })],
    allows: toWeb('2', '4', '5'),
    denies: toWeb('3'),
  },
  {
    trap: 'trap 13: a peer without any field selects nothing',
    objects: [...pods, from({})],
    denies: everything,
  },
  {
    trap: 'trap 13: nor does it with all its fields null, and it takes nothing from its sibling',
    objects: [
      ...pods,
      from({ podSelector: null, namespaceSelector: null, ipBlock: null }, { podSelector: inApp('client') }),
    ],
    allows: toWeb('2'),
    denies: toWeb('3', '4', '5'),
  },
  {
    trap: 'trap 14: when subjects and peers are the same pods, others are still kept out',
    objects: [
      ...pods,
      pod('shop/web2', '10.244.1.6', { labels: { app: 'web' } }),
      onWeb({ ingress: [{ from: [{ podSelector: inApp('web') }] }] }),
    ],
    allows: toWeb('6'),
    denies: toWeb('2', '3', '4', '5'),
  },
  {
    trap: 'trap 15: NotIn selects pods without the label',
    objects: [
      ...pods,
      from({ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['client'] }] } }),
    ],
    allows: toWeb('3'),
    denies: toWeb('2', '4', '5'),
  },
  {
    trap: 'trap 15: DoesNotExist selects pods without the label',
    objects: [
      ...pods,
      from({ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }),
    ],
    allows: toWeb('3', '5'),
    denies: toWeb('2', '4'),
  },
  {
    trap: 'trap 15: NotIn and DoesNotExist select namespaces without the label, one that no document declares too',
    objects: [
      ...pods,
      pod('dev/some', '10.244.1.6'),
      from({ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['ops'] }] } }),
    ],
    allows: toWeb('2', '3', '6'),
    denies: toWeb('4', '5'),
  },
  {
    trap: 'trap 15: a subject without the label is selected by NotIn',
    objects: [
      ...pods,
      onWeb({ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.1 > 10.244.1.2 TCP/80', '10.244.1.1 > 10.244.1.3 TCP/80'],
  },
])

test.each([
  ['[{}]', true],
  ['[null]', true],
  ['[]', false],
  ['null', false],
  [undefined, false],
])('trap 11: as JSON text, ingress %s allows: %s', (ingress, allowed) => {
  const text = JSON.stringify(onWeb({}))
    .replace(/}$/, '')
    .replace(/}$/, ingress === undefined ? '}}' : `,"ingress":${ingress}}}`)
  const { objects, diagnostics } = readObjects([{ file: 'policy.json', text }], { defaultNamespace: 'default' })
  expect(diagnostics).toEqual([])
  const world = worldOf(...pods)
  world.apply(objects.map((object) => ({ type: 'put', object })))
  expectVerdicts(world, { [allowed ? 'allows' : 'denies']: everything })
})

test('trap 16: a change of namespace labels is a change of peers', () => {
  const world = worldOf(...pods, from({ namespaceSelector: { matchLabels: { team: 'ops' } } }))
  expectVerdicts(world, { allows: toWeb('4', '5'), denies: toWeb('2', '3') })
  world.put(namespace('ops', { team: 'other' }))
  expectVerdicts(world, { denies: toWeb('2', '3', '4', '5') })
  world.put(namespace('shop', { team: 'ops' }))
  expectVerdicts(world, { allows: toWeb('2', '3'), denies: toWeb('4', '5') })
  world.remove(namespace('shop', {}))
  expectVerdicts(world, { denies: toWeb('2', '3', '4', '5') })
})

test('trap 16: a change of pod labels is a change of peers and of subjects', () => {
  const world = worldOf(...pods, from({ podSelector: inApp('client') }))
  expectVerdicts(world, { allows: toWeb('2'), denies: toWeb('3') })
  world.put(
    pod('shop/client', '10.244.1.2', { labels: { app: 'other' } }),
    pod('shop/bare', '10.244.1.3', { labels: { app: 'client' } }),
  )
  expectVerdicts(world, { allows: toWeb('3'), denies: toWeb('2') })
  world.put(pod('shop/web', '10.244.1.1', { labels: { app: 'other' } }))
  expectVerdicts(world, { allows: toWeb('2', '3', '4', '5') })
  world.put(web)
  expectVerdicts(world, { allows: toWeb('3'), denies: toWeb('2') })
})

test('trap 16: a namespace that is deleted and made again has only its new labels, its pods and policies nothing old', () => {
  const selecting = from({ namespaceSelector: { matchLabels: { team: 'ops' } } })
  const ops = namespace('ops', { team: 'ops' })
  const inOps = policy('ops/closed', { podSelector: {}, policyTypes: ['Ingress'] })
  const world = worldOf(...pods, selecting, inOps)
  expectVerdicts(world, { allows: toWeb('4', '5'), denies: ['10.244.1.1 > 10.244.1.4 TCP/80'] })
  world.remove(inOps, foreign, stranger, ops)
  world.put(namespace('ops', {}), foreign, stranger)
  expectVerdicts(world, { denies: toWeb('4', '5'), allows: ['10.244.1.1 > 10.244.1.4 TCP/80'] })
})

test('trap 16: a policy that is deleted and made again leaves nothing of the old one', () => {
  const world = worldOf(...pods, from({ podSelector: inApp('client') }))
  world.remove(from())
  expectVerdicts(world, { allows: toWeb('2', '3', '4', '5') })
  world.put(from({ podSelector: inApp('nobody') }))
  expectVerdicts(world, { denies: toWeb('2', '3', '4', '5') })
})

test('trap 17: of two policies with one selector, deleting one leaves the other as it was', () => {
  const rule = (app: string): RawRule => ({ from: [{ podSelector: inApp(app) }] })
  for (const gone of [0, 1]) {
    const world = createWorld()
    const both = [onWeb({ ingress: [rule('client')] }, 'one'), onWeb({ ingress: [rule('client')] }, 'two')]
    world.put(...pods, ...both)
    const texts = world.remove(both[gone] ?? onWeb({}))
    expect(texts).toEqual([])
    expectVerdicts(world, { allows: toWeb('2'), denies: toWeb('3', '4', '5') })
    world.remove(both[1 - gone] ?? onWeb({}))
    expectVerdicts(world, { allows: toWeb('2', '3', '4', '5') })
  }
})
