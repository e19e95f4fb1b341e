import { expect, test } from 'vitest'
import { commentText } from '../../compiler/nftables/comment-text.ts'
import { surePut } from '../laws/changes-of.ts'
import { pod, policy } from '../oracle/make-objects.ts'
import type { RawObject, RawRule } from '../oracle/raw-cluster.ts'
import { app, labelled, onWeb, rule } from './shop.ts'
import { expectVerdicts } from './trap-table.ts'
import { worldOf } from './world.ts'

const [web, one, two] = [labelled('web', '10.244.1.1'), labelled('one', '10.244.1.2'), labelled('two', '10.244.1.3')]

const toWeb = (port: number) => ['2', '3'].map((host) => `10.244.1.${host} > 10.244.1.1 TCP/${port}`)

test('trap 41: a policy that cannot be compiled closes its pods in its direction, is named, and stops nothing else', () => {
  const refused = onWeb('broken', { ingress: [rule('one', 70_000)] })
  const world = worldOf(
    web,
    one,
    two,
    refused,
    policy('shop/fine', { ...app('one'), policyTypes: ['Ingress'], ingress: [rule('two', 80)] }),
  )
  expect(world.engine.problems()).toMatchObject([
    { kind: 'policy closed', policy: 'shop/broken', direction: 'ingress' },
  ])
  expectVerdicts(world, {
    allows: ['10.244.1.3 > 10.244.1.2 TCP/80', '10.244.1.1 > 203.0.113.7 TCP/80'],
    denies: [...toWeb(80), '10.244.1.3 > 10.244.1.2 TCP/81'],
  })
  // Another policy still adds to what is closed.
  world.put(onWeb('more', { ingress: [rule('two', 443)] }))
  expectVerdicts(world, { allows: ['10.244.1.3 > 10.244.1.1 TCP/443'], denies: ['10.244.1.2 > 10.244.1.1 TCP/443'] })
  world.put(onWeb('broken', { ingress: [rule('one', 80)] }))
  expect(world.engine.problems()).toEqual([])
  expectVerdicts(world, { allows: ['10.244.1.2 > 10.244.1.1 TCP/80'], denies: ['10.244.1.3 > 10.244.1.1 TCP/80'] })
})

test('trap 41: policyTypes that cannot be read close both directions', () => {
  const world = worldOf(web, one, onWeb('broken', { policyTypes: ['Ingress', 'Sideways'], ingress: [{}] }))
  expect(world.engine.problems().map(({ direction }) => direction)).toEqual(['ingress', 'egress'])
  expectVerdicts(world, { denies: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.2 TCP/80'] })
})

test('trap 41: a podSelector that cannot be read closes its namespace in its directions, before a restart and after it', () => {
  const podSelector = { matchExpressions: [{ key: 'app', operator: 'In' }] }
  const broken = policy('shop/broken', { podSelector, ingress: [{}] })
  const world = worldOf(web, one, two, onWeb('broken', { ingress: [rule('one', 80)] }))
  world.put(broken)
  for (const now of [world, worldOf(web, one, two, broken)]) {
    expect(now.engine.problems()).toMatchObject([
      {
        kind: 'policy closed',
        policy: 'shop/broken',
        direction: 'ingress',
        reason: expect.stringMatching(/matchExpressions.*so every pod of namespace shop is closed$/),
      },
    ])
    expectVerdicts(now, {
      denies: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.2 TCP/80', '10.244.1.1 > 10.244.1.3 TCP/80'],
      allows: ['10.244.1.1 > 203.0.113.7 TCP/80'],
    })
  }
})

test('trap 42: comments have at most 128 bytes, all printable ASCII, however long the names', () => {
  const long = (length: number) => 'x'.repeat(length)
  const space = long(63)
  const some = pod(
    `${space}/${Array.from({ length: 4 }, () => long(63))
      .join('.')
      .slice(0, 253)}`,
    '10.244.1.1',
    {
      labels: { [`${long(60)}.example.com/${long(63)}`]: long(60) },
    },
  )
  const peers = Array.from({ length: 20 }, (_, index) => ({
    podSelector: { matchLabels: { [`${long(50)}${index}`]: long(60) } },
  }))
  const world = worldOf(
    some,
    policy(`${space}/${long(253)}`, {
      podSelector: {},
      ingress: [{ from: peers, ports: [{ port: 'http' }, { port: 80 }] }],
      egress: [{ to: peers, ports: [{ port: 'http' }] }],
    }),
  )
  const { chains, sets } = world.engine.ruleset()
  const comments = [...[...chains.values()].flatMap(({ rules }) => rules), ...sets.values()].flatMap(
    ({ comment }) => comment ?? [],
  )
  expect(comments.filter((comment) => Buffer.byteLength(comment) === 128).length).toBeGreaterThan(2)
  const printable = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,128}$/
  expect(comments.filter((comment) => !printable.test(comment))).toEqual([])
  // No name of Kubernetes has other characters, but no text of others must ever end a string or cost two bytes.
  for (const text of ['é'.repeat(300), 'a"b\\c', `${long(127)}é${long(9)}`])
    expect(commentText(text)).toMatch(printable)
})

test('trap 43: namespace `a` with `bc` is not namespace `ab` with `c`', () => {
  const [left, right] = [
    pod('a/bc', '10.244.1.1', { labels: { bc: 'd' } }),
    pod('ab/c', '10.244.1.2', { labels: { b: 'cd' } }),
  ]
  const closed = { podSelector: {}, policyTypes: ['Ingress'] }
  const world = worldOf(
    left,
    right,
    pod('a/x', '10.244.1.3', { labels: { bc: 'd' } }),
    pod('ab/x', '10.244.1.4', { labels: { b: 'cd' } }),
    policy('a/bc', { ...closed, ingress: [{ from: [{ podSelector: { matchLabels: { bc: 'd' } } }] }] }),
    policy('ab/c', { ...closed, ingress: [{ from: [{ podSelector: { matchLabels: { b: 'cd' } } }] }] }),
  )
  expectVerdicts(world, {
    allows: ['10.244.1.3 > 10.244.1.1 TCP/80', '10.244.1.4 > 10.244.1.2 TCP/80'],
    denies: ['10.244.1.4 > 10.244.1.1 TCP/80', '10.244.1.3 > 10.244.1.2 TCP/80'],
  })
  world.remove(policy('a/bc', {}))
  expectVerdicts(world, { allows: ['10.244.1.4 > 10.244.1.1 TCP/80'], denies: ['10.244.1.3 > 10.244.1.2 TCP/80'] })
})

test('trap 43b: swapping rules, peers or ports, or renaming a policy, changes nothing at all', () => {
  const rules = [rule('one', 80), rule('two', 81)] as const
  const both: RawRule = { from: [app('one'), app('two')], ports: [{ port: 90 }, { port: 91, endPort: 95 }] }
  const swapped: RawRule = { from: both.from?.toReversed() ?? [], ports: both.ports?.toReversed() ?? [] }
  const old = onWeb('in', { ingress: [...rules, both] })
  const world = worldOf(web, one, two, old)
  expect(world.put(onWeb('in', { ingress: [both, ...rules.toReversed()] }))).toEqual([])
  expect(world.put(onWeb('in', { ingress: [...rules, swapped] }))).toEqual([])
  const renamed = onWeb('renamed', { ingress: [...rules, both] })
  expect(
    world.apply([{ type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'in' }, surePut(renamed)]),
  ).toEqual([])
  expect([...world.put(old), ...world.remove(renamed)]).toEqual([])
})

test('trap 43b: through every change each packet gets the verdict of before or of after', () => {
  const http = (number: number) => [{ name: 'http', containerPort: number }]
  const world = worldOf(web, one, two)
  world.watch(
    [80, 81, 443].flatMap((port) => [
      ...toWeb(port),
      `10.244.1.1 > 10.244.1.2 TCP/${port}`,
      `203.0.113.7 > 10.244.1.1 TCP/${port}`,
    ]),
  )
  const block: RawRule = { from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 80, endPort: 443 }] }
  const many = Array.from({ length: 8 }, (_, index) => rule(index % 2 === 0 ? 'one' : 'two', 80 + 10 * index))
  const out = (...rules: readonly RawRule[]) =>
    policy('shop/out', { ...app('web'), policyTypes: ['Egress'], egress: rules })
  const batches: readonly (readonly RawObject[])[] = [
    [onWeb('in', { ingress: [rule('one', 80)] })],
    [onWeb('in', { ingress: [rule('two', 80), rule('one', 81)] })],
    [onWeb('in', { ingress: [rule('one', 80), block] }), labelled('two', '10.244.1.2'), labelled('one', '10.244.1.3')],
    [onWeb('in', { ingress: many }), labelled('one', '10.244.1.2'), labelled('two', '10.244.1.3')],
    [onWeb('in', { ingress: [...many, block] }), labelled('one', '10.244.1.3'), labelled('two', '10.244.1.2')],
    [
      onWeb('in', { ingress: [rule('one', 80), rule('two', 443)] }),
      labelled('one', '10.244.1.2'),
      labelled('two', '10.244.1.3'),
    ],
    [out({ to: [app('one')], ports: [{ port: 'http' }] }), labelled('one', '10.244.1.2', { ports: http(80) })],
    [
      out({ to: [app('one')], ports: [{ port: 'http' }] }),
      labelled('one', '10.244.1.2', { ports: http(443) }),
      onWeb('in', { ingress: [block] }),
    ],
  ]
  const counts = batches.map((objects) => world.put(...objects).length)
  expect(counts.every((count) => count > 0)).toBe(true)
  expect(Math.max(...counts)).toBeGreaterThan(2)
  world.remove(onWeb('in', {}), out())
  expectVerdicts(world, { allows: [...toWeb(80), '10.244.1.1 > 10.244.1.2 TCP/80'] })
})

test('trap 43b: a pod whose isolation ends loses nothing on the way, though its old peers go and another pod takes its class', () => {
  const out = policy('shop/out', { ...app('web'), policyTypes: ['Egress'], egress: [{ to: [app('one')] }] })
  const world = worldOf(web, one, two, labelled('stays', '10.244.1.4'), out)
  world.watch(['10.244.1.1 > 10.244.1.2 TCP/80', '10.244.1.3 > 10.244.1.2 TCP/80', '10.244.1.3 > 10.244.1.4 TCP/80'])
  const relabelled = (name: string, address: string, app: string) => pod(`shop/${name}`, address, { labels: { app } })
  world.put(
    relabelled('web', '10.244.1.1', 'free'),
    relabelled('two', '10.244.1.3', 'web'),
    relabelled('one', '10.244.1.2', 'none'),
  )
  expectVerdicts(world, { allows: ['10.244.1.1 > 10.244.1.2 TCP/80'], denies: ['10.244.1.3 > 10.244.1.2 TCP/80'] })
})

test('trap 47: the right that a remote peer loses is taken from live flows, also when its policy gains another in the same batch', () => {
  const remote = (app: string) => pod('shop/remote', '10.244.2.1', { labels: { app }, spec: { nodeName: 'node-2' } })
  const bumps = (texts: readonly string[]) => texts.some((text) => text.includes('flush chain inet selvedge forward\n'))
  const [narrow, wide] = [
    onWeb('in', { ingress: [rule('one', 80)] }),
    onWeb('in', { ingress: [rule('one', 80), rule('two', 80)] }),
  ]
  const world = worldOf(web, remote('one'), narrow)
  expect(bumps(world.put(wide))).toBe(false)
  expect(bumps(world.put(remote('none')))).toBe(true)
  expect(bumps(world.put(remote('one'), narrow))).toBe(true)
  expectVerdicts(world, { allows: ['10.244.2.1 > 10.244.1.1 TCP/80'] })
  expect(bumps(world.put(remote('none'), wide))).toBe(true)
  expectVerdicts(world, { denies: ['10.244.2.1 > 10.244.1.1 TCP/80'] })
})
