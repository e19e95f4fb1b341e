import { textOf } from '../laws/compile-cluster.ts'
import { expect, test } from 'vitest'
import { readRule } from '../../compiler/nftables/read-rule.ts'
import { pod, policy } from '../oracle/make-objects.ts'
import type { RawPeer, RawRule } from '../oracle/raw-cluster.ts'
import { expectVerdicts, testTraps } from './trap-table.ts'
import { worldOf } from './world.ts'

const web = pod('shop/web', '10.244.1.1 fd44::1')
const ingress = (name: string, ...rules: readonly RawRule[]) =>
  policy(`shop/${name}`, { podSelector: {}, policyTypes: ['Ingress'], ingress: rules })
const block = (cidr: string, ...except: readonly string[]): RawPeer => ({ ipBlock: { cidr, except } })
const from = (...peers: readonly RawPeer[]) => [web, ingress('in', { from: peers })]
const from4 = (...sources: readonly string[]) => sources.map((source) => `${source} > 10.244.1.1 TCP/80`)
const from6 = (...sources: readonly string[]) => sources.map((source) => `${source} > fd44::1 TCP/80`)

const wide = block('10.0.0.0/8', '10.1.0.0/16')
const hole = block('10.1.2.0/24')
const inHole = {
  allows: from4('10.0.0.1', '10.1.2.0', '10.1.2.255'),
  denies: from4('10.1.1.255', '10.1.3.0', '11.0.0.0'),
}

testTraps([
  {
    trap: 'trap 18: what one rule excepts another rule may allow',
    objects: [web, ingress('in', { from: [wide] }, { from: [hole] })],
    ...inHole,
  },
  {
    trap: 'trap 18: or another policy',
    objects: [web, ingress('in', { from: [wide] }), ingress('more', { from: [hole] })],
    ...inHole,
  },
  { trap: 'trap 18: or a sibling peer', objects: from(wide, hole), ...inHole },
  {
    trap: 'trap 18: or a pod peer',
    objects: [
      web,
      pod('shop/client', '10.1.2.3', { labels: { app: 'client' } }),
      ingress('in', { from: [wide, { podSelector: { matchLabels: { app: 'client' } } }] }),
    ],
    allows: from4('10.1.2.3'),
    denies: from4('10.1.2.4'),
  },
  {
    trap: 'trap 18: an except holds on the port of its own rule only',
    objects: [web, ingress('in', { from: [wide], ports: [{ port: 80 }] }, { from: [hole], ports: [{ port: 81 }] })],
    allows: ['10.0.0.1 > 10.244.1.1 TCP/80', '10.1.2.3 > 10.244.1.1 TCP/81'],
    denies: ['10.1.2.3 > 10.244.1.1 TCP/80', '10.0.0.1 > 10.244.1.1 TCP/81'],
  },
  {
    trap: 'trap 19: nested blocks of one rule compile and are the wider one',
    objects: from(block('10.0.0.0/8'), block('10.1.0.0/16')),
    allows: from4('10.0.0.0', '10.1.0.0', '10.255.255.255'),
    denies: from4('9.255.255.255', '11.0.0.0'),
  },
  {
    trap: 'trap 19: nested blocks on overlapping ports compile',
    objects: [
      web,
      ingress(
        'in',
        { from: [block('10.0.0.0/8')], ports: [{ port: 80, endPort: 90 }] },
        { from: [block('10.1.0.0/16')], ports: [{ port: 85, endPort: 95 }] },
        { from: [block('10.1.2.0/24')], ports: [{ protocol: 'TCP' }] },
      ),
    ],
    allows: ['10.0.0.1 > 10.244.1.1 TCP/85', '10.1.0.1 > 10.244.1.1 TCP/95', '10.1.2.1 > 10.244.1.1 TCP/1'],
    denies: ['10.0.0.1 > 10.244.1.1 TCP/95', '10.1.0.1 > 10.244.1.1 TCP/96', '10.1.0.1 > 10.244.1.1 UDP/85'],
  },
  {
    trap: 'trap 21: 0.0.0.0/0 is every IPv4 address and no IPv6 one',
    objects: from(block('0.0.0.0/0')),
    allows: from4('0.0.0.1', '10.244.1.9', '223.255.255.255'),
    denies: from6('2001:db8::1'),
  },
  {
    trap: 'trap 21: ::/0 is every IPv6 address, unique local and NAT64 ones too, and no IPv4 one',
    objects: from(block('::/0')),
    allows: from6('2001:db8::1', 'fc00::7', 'fdff::1', '64:ff9b::a00:1'),
    denies: from4('10.0.0.1', '203.0.113.7'),
  },
  {
    trap: 'trap 21: everything but one address',
    objects: from(block('0.0.0.0/0', '203.0.113.7/32')),
    allows: from4('203.0.113.6', '203.0.113.8'),
    denies: from4('203.0.113.7'),
  },
  {
    trap: 'trap 22: an except equal to its cidr leaves nothing',
    objects: from(block('10.0.0.0/8', '10.0.0.0/8')),
    denies: from4('10.0.0.1', '10.255.255.255', '203.0.113.7'),
  },
  {
    trap: 'trap 22: nested and repeated excepts cut their union',
    objects: from(block('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.0.0/16', '10.2.0.0/16')),
    allows: from4('10.0.255.255', '10.3.0.0'),
    denies: from4('10.1.0.0', '10.1.2.3', '10.1.255.255', '10.2.0.0', '10.2.255.255'),
  },
  {
    trap: 'trap 22: bits after the prefix mean nothing',
    objects: from(block('10.1.2.3/8', '10.9.9.9/16')),
    allows: from4('10.0.0.0', '10.1.2.3', '10.255.255.255'),
    denies: from4('10.9.0.0', '10.9.255.255', '11.0.0.0'),
  },
  {
    trap: 'trap 24: a block over the pod addresses matches pods, of any namespace',
    objects: [
      ...from(block('10.244.0.0/16', '10.244.2.0/24')),
      pod('ops/one', '10.244.1.2'),
      pod('ops/two', '10.244.2.2', { spec: { nodeName: 'node-2' } }),
    ],
    allows: from4('10.244.1.2', '10.244.1.3'),
    denies: from4('10.244.2.2', '10.245.0.1'),
  },
])

/** So many that they are no rules of their own any more but elements of a set. */
const MANY = Array.from({ length: 9 }, (_, index) => block(`198.51.100.${2 * index}/32`))

test('trap 19: nested blocks are one element, so no two can conflict', () => {
  const nested = [block('10.0.0.0/8'), block('10.1.0.0/16'), block('10.1.2.0/24')]
  const elements = blockElements(worldOf(...from(...nested, ...MANY)))
  expect(elements.filter((element) => element.startsWith('10.'))).toEqual(['10.0.0.0/8 . 0-255'])
  expect(elements.length).toBe(10)
})

test('trap 20: a nested block that goes changes nothing; one that stays is a set of its own, and no element is deleted', () => {
  const world = worldOf(...from(block('10.0.0.0/8'), block('10.1.0.0/16')))
  const old = blockSets(world)
  expect(world.put(ingress('in', { from: [block('10.0.0.0/8')] }))).toEqual([])
  const texts = world.put(ingress('in', { from: [block('10.1.0.0/16')] })).join('')
  expect(texts).not.toMatch(/(add|delete) element inet selvedge b4-/)
  for (const { name } of old) expect(texts).toContain(`delete set inet selvedge ${name}`)
  expectVerdicts(world, { allows: from4('10.1.0.1'), denies: from4('10.0.0.1', '10.2.0.1') })
})

test('trap 21: the whole of a family is a rule that reads back as it was written', () => {
  const listed = (protocol: string, address: string) => [
    {
      match: {
        op: '==',
        left: { payload: { protocol, field: 'saddr' } },
        right: { prefix: { addr: address, len: 0 } },
      },
    },
    { counter: { packets: 0, bytes: 0 } },
    { goto: { target: 'allow' } },
  ]
  const text = textOf(worldOf(...from(block('0.0.0.0/0'), block('::/0'))).engine)
  for (const [protocol, address] of [['ip', '0.0.0.0'] as const, ['ip6', '::'] as const]) {
    expect(text.split('\n').map((line) => line.trim())).toContain(readRule(listed(protocol, address))?.text)
  }
})

test('trap 23: where pods have IPv4 only, an IPv6 block opens nothing and stops nothing else', () => {
  const only4 = pod('shop/web', '10.244.1.1')
  const world = worldOf(
    only4,
    ingress('six', { from: [block('fd00::/8')] }),
    ingress('four', { from: [block('10.9.0.0/16')] }),
  )
  expect(world.engine.problems()).toEqual([])
  expectVerdicts(world, { allows: from4('10.9.0.1'), denies: from4('10.8.0.1', '253.0.0.1') })
  world.remove(ingress('four'))
  expectVerdicts(world, { denies: from4('10.9.0.1', '10.8.0.1') })
})

function blockSets({ engine }: ReturnType<typeof worldOf>) {
  return [...engine.ruleset().sets.values()].filter(({ name }) => /^[bz][46]-/.test(name))
}

function blockElements(world: ReturnType<typeof worldOf>): readonly string[] {
  return blockSets(world).flatMap(({ elements }) => [...elements])
}
