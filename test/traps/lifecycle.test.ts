import { expect, test } from 'vitest'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { isEmptyChange } from '../../compiler/nftables/ruleset.ts'
import { surePut } from '../laws/changes-of.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { app, labelled, onWeb, rule } from './shop.ts'
import { expectVerdicts } from './trap-table.ts'
import { createWorld, worldOf } from './world.ts'

const [web, one, two] = [labelled('web', '10.244.1.1'), labelled('one', '10.244.1.2'), labelled('two', '10.244.1.3')]

test('trap 39: a restart on the same objects, in whatever order they are listed, finds nothing to change', () => {
  const objects = [
    web,
    one,
    two,
    namespace('shop', { team: 'a' }),
    onWeb('in', { ingress: [rule('one', 80), rule('two', 81)] }),
  ]
  const before = worldOf(...objects)
  const after = createWorld()
  after.put(...objects.toReversed())
  expect(before.engine.ruleset().chains.size).toBeGreaterThan(createWorld().engine.ruleset().chains.size)
  expect(isEmptyChange(compareRulesets(before.engine.ruleset(), after.engine.ruleset()))).toBe(true)
})

test('trap 39: an object said again, as a relist does, changes nothing', () => {
  const objects = [web, one, namespace('shop', { team: 'a' }), onWeb('in', { ingress: [rule('one', 80)] })]
  const world = worldOf(...objects)
  expect(world.put(...objects)).toEqual([])
  for (const object of objects) expect(world.put(object)).toEqual([])
})

test('trap 40: in a namespace that is closed a new pod is open at no instant after its address is known', () => {
  const closed = policy('shop/closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  const probe = ['10.244.1.2 > 10.244.1.9 TCP/80', '10.244.1.9 > 10.244.1.2 TCP/80', '203.0.113.7 > 10.244.1.9 TCP/80']
  for (const first of [labelled('new', ''), labelled('new', '10.244.1.9')]) {
    const world = worldOf(web, one, closed)
    world.put(first)
    const texts = world.put(labelled('new', '10.244.1.9'))
    expect(texts.length).toBeLessThanOrEqual(1)
    expectVerdicts(world, { denies: probe })
    world.watch(probe)
    world.put(pod('shop/new', '10.244.1.9', { labels: { app: 'new', phase: 'ready' } }))
    expectVerdicts(world, { denies: probe })
  }
})

test('trap 44: after a thousand changes there are as many chains and sets as before the first', () => {
  const world = worldOf(web, one, two, onWeb('in', { ingress: [rule('one', 80)] }))
  const { engine } = world
  const size = () => [engine.ruleset().chains.size, engine.ruleset().sets.size]
  const before = size()
  for (let cycle = 0; cycle < 1000; cycle++) {
    const more = onWeb('more', {
      ingress: [rule('two', 1000 + cycle), { from: [{ ipBlock: { cidr: `10.${cycle % 256}.0.0/16` } }] }],
    })
    engine.apply([surePut(more), surePut(labelled('passing', '10.244.1.4'))])
    engine.apply([
      { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'more' },
      { type: 'remove', kind: 'Pod', namespace: 'shop', name: 'passing' },
    ])
  }
  expect(size()).toEqual(before)
})

test('trap 49: when the last policy that selects a pod goes, everything is allowed again', () => {
  const world = worldOf(web, one, onWeb('in', { ingress: [] }), onWeb('out', { policyTypes: ['Egress'] }))
  const both = ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.2 TCP/80']
  expectVerdicts(world, { denies: both })
  world.remove(onWeb('in', {}))
  expectVerdicts(world, { allows: both.slice(0, 1), denies: both.slice(1) })
  world.put(policy('shop/out', { ...app('nobody'), policyTypes: ['Egress'] }))
  expectVerdicts(world, { allows: [...both, '10.244.1.2 > 10.244.1.1 ICMP', '203.0.113.7 > 10.244.1.1 SCTP/9'] })
  expect(world.engine.ruleset().sets.get('iso4')?.elements.size).toBe(0)
})

test('trap 50: a selector that matches ten thousand pods is one transaction', { timeout: 120_000 }, () => {
  const remote = Array.from({ length: 10_000 }, (_, index) =>
    pod(`far/pod-${index}`, `10.245.${Math.floor(index / 250)}.${index % 250}`, { spec: { nodeName: 'node-2' } }),
  )
  const world = createWorld(({ node }) => node === 'node-1')
  world.put(web, ...remote)
  const texts = world.put(onWeb('in', { ingress: [{ from: [{ namespaceSelector: {} }] }] }))
  expect(texts).toHaveLength(1)
  const largest = Math.max(...[...world.engine.ruleset().sets.values()].map(({ elements }) => elements.size))
  expect(largest).toBe(10_001)
  expectVerdicts(world, { allows: ['10.245.39.249 > 10.244.1.1 TCP/80'], denies: ['10.245.40.0 > 10.244.1.1 TCP/80'] })
})

test('trap 51: what is deleted without having been there, twice, or before it came, leaves nothing', () => {
  const closed = onWeb('in', { ingress: [] })
  const world = createWorld()
  expect([...world.remove(web), ...world.remove(closed), ...world.remove(namespace('shop', {}))]).toEqual([])
  world.put(closed, web, one)
  world.remove(web)
  expect(world.remove(web)).toEqual([])
  expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
  world.put(web)
  expectVerdicts(world, { denies: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
  world.remove(closed)
  expect(world.remove(closed)).toEqual([])
  expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'] })
})

test('trap 51: policies before pods, pods before their namespace: the end is the same', () => {
  const objects = [
    onWeb('in', {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }], ports: [{ port: 'http' }] }],
    }),
    labelled('web', '10.244.1.1', { ports: [{ name: 'http', containerPort: 80 }] }),
    pod('ops/client', '10.244.1.2'),
    namespace('ops', { team: 'a' }),
  ]
  for (let shift = 0; shift < objects.length; shift++) {
    const world = createWorld()
    for (const object of [...objects.slice(shift), ...objects.slice(0, shift)]) world.put(object)
    expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'], denies: ['10.244.1.2 > 10.244.1.1 TCP/81'] })
  }
})
