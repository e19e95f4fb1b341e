import { describe, expect, test } from 'vitest'
import { buildGrants, type NamespacedRule, rulesOf } from '../../compiler/graph/build-grants.ts'
import type { Direction } from '../../compiler/objects/direction.ts'
import type { NamedPort, Policy } from '../../compiler/objects/objects.ts'
import { EVERYTHING } from '../../compiler/objects/selector.ts'
import { grantTexts, rule } from './make-rules.ts'

interface Row {
  readonly says: string
  readonly rules: readonly NamespacedRule[]
  readonly grants: readonly string[]
  readonly direction?: Direction
  readonly own?: readonly NamedPort[]
}

const http = (number: number, protocol: NamedPort['protocol'] = 'TCP'): NamedPort => ({
  name: 'http',
  protocol,
  number,
})

const rows: readonly Row[] = [
  { says: 'no rule: nothing', rules: [], grants: [] },
  { says: 'everything for anyone', rules: [rule('anyone', 'any')], grants: ['any ← anyone'] },
  {
    says: 'anyone without ports absorbs all the rest',
    rules: [rule('app=a', 'TCP 80, UDP'), rule('anyone', 'any'), rule('10.0.0.0/8', 'TCP http')],
    grants: ['any ← anyone'],
  },
  {
    says: 'a peer in two namespaces is two groups',
    rules: [rule('app=a', 'any', 'ops'), rule('app=a', 'any', 'shop'), rule('* app=a', 'any')],
    grants: ['any ← in ops: app=a or in shop: app=a or where : app=a'],
  },
  {
    says: 'equal ports of several rules join their peers',
    rules: [rule('app=b', 'TCP 80'), rule('app=a', 'TCP 80'), rule('app=b', 'TCP 80')],
    grants: ['TCP 80 ← in shop: app=a or in shop: app=b'],
  },
  {
    says: 'overlapping intervals are cut, each part with the peers of all that cover it',
    rules: [rule('app=a', 'TCP 80-90'), rule('app=b', 'TCP 85-95')],
    grants: [
      'TCP 80-84 ← in shop: app=a',
      'TCP 85-90 ← in shop: app=a or in shop: app=b',
      'TCP 91-95 ← in shop: app=b',
    ],
  },
  {
    says: 'neighbours with equal peers are one interval, in any order, to the end of the space',
    rules: [rule('app=a', 'TCP 101-65535, TCP 1-79, TCP 81-100, TCP 80')],
    grants: ['TCP 1-65535 ← in shop: app=a'],
  },
  {
    says: 'neighbours with other peers stay two',
    rules: [rule('app=a', 'TCP 80'), rule('app=b', 'TCP 81')],
    grants: ['TCP 80 ← in shop: app=a', 'TCP 81 ← in shop: app=b'],
  },
  {
    says: 'all ports by number are not the protocol: a packet without ports is neither, but bytes differ',
    rules: [rule('app=a', 'TCP'), rule('app=b', 'TCP 1-65535')],
    grants: ['TCP ← in shop: app=a', 'TCP 1-65535 ← in shop: app=b'],
  },
  {
    says: 'a protocol absorbs its intervals for the same peers only',
    rules: [rule('app=a', 'TCP, TCP 80'), rule('app=b', 'TCP 80'), rule('app=a', 'UDP 80')],
    grants: ['TCP ← in shop: app=a', 'TCP 80 ← in shop: app=b', 'UDP 80 ← in shop: app=a'],
  },
  {
    says: 'any protocol absorbs protocols and intervals for the same peers only',
    rules: [rule('app=a', 'any'), rule('app=a, app=b', 'UDP, TCP 80')],
    grants: ['any ← in shop: app=a', 'UDP ← in shop: app=b', 'TCP 80 ← in shop: app=b'],
  },
  {
    says: 'protocols keep apart, and stand in their order',
    rules: [rule('app=a', 'SCTP 80, UDP 80, TCP 80')],
    grants: ['TCP 80 ← in shop: app=a', 'UDP 80 ← in shop: app=a', 'SCTP 80 ← in shop: app=a'],
  },
  {
    says: 'blocks: excepts cut, nested and adjacent blocks merge',
    rules: [rule('10.0.0.0/8 except 10.1.0.0/16', 'any'), rule('10.1.0.0/17, 10.1.128.0/17, 10.1.2.0/24', 'any')],
    grants: ['any ← 10.0.0.0/8'],
  },
  {
    says: 'an except is cut from its own block only',
    rules: [rule('10.0.0.0/8 except 10.1.0.0/16, 10.1.2.0/24', 'any')],
    grants: ['any ← 10.0.0.0/16 or 10.1.2.0/24 or 10.2.0.0-10.255.255.255'],
  },
  {
    says: 'an except equal to its block leaves nothing, and an empty grant is no grant',
    rules: [rule('10.0.0.0/8 except 10.0.0.0/8', 'TCP 80')],
    grants: [],
  },
  {
    says: 'a wider grant cuts the addresses that it has out of a narrower one',
    rules: [rule('10.1.0.0/16', 'any'), rule('10.0.0.0/15', 'TCP 80')],
    grants: ['any ← 10.1.0.0/16', 'TCP 80 ← 10.0.0.0/16'],
  },
  { says: 'no peer at all: nothing, not everyone', rules: [rule('', 'any')], grants: [] },
  { says: 'no port at all: nothing, not every port', rules: [rule('anyone', '')], grants: [] },
  {
    says: 'ingress: a name is the number on the pod itself',
    rules: [rule('app=a', 'TCP http')],
    own: [http(8080)],
    grants: ['TCP 8080 ← in shop: app=a'],
  },
  {
    says: 'ingress: a name and its number are one grant',
    rules: [rule('app=a', 'TCP http'), rule('app=b', 'TCP 8080')],
    own: [http(8080)],
    grants: ['TCP 8080 ← in shop: app=a or in shop: app=b'],
  },
  { says: 'ingress: a name that the pod has not allows nothing', rules: [rule('anyone', 'TCP http')], grants: [] },
  {
    says: 'ingress: name and protocol must both match',
    rules: [rule('anyone', 'TCP http')],
    own: [http(53, 'UDP')],
    grants: [],
  },
  {
    says: 'egress: a name stays a name, whatever the own ports are',
    direction: 'egress',
    rules: [rule('app=a', 'TCP http')],
    own: [http(8080)],
    grants: ['TCP http ← in shop: app=a'],
  },
  {
    says: 'egress: names are sorted, join their peers, and lose those that a wider grant has',
    direction: 'egress',
    rules: [rule('app=b', 'TCP web, UDP dns'), rule('app=a', 'TCP web'), rule('app=b', 'UDP')],
    grants: ['UDP ← in shop: app=b', 'TCP web ← in shop: app=a or in shop: app=b'],
  },
]

test.each(rows)('$says', ({ rules, direction = 'ingress', own = [], grants }) => {
  for (const order of [rules, rules.toReversed()]) {
    const built = buildGrants(order, direction, own)
    expect({ kind: built.kind, grants: grantTexts(built.grants) }).toEqual({ kind: 'grants', grants })
  }
})

describe('what does not fit into the budget is too complex, and gets nothing', () => {
  const nested = (peers: (index: number) => string, length: number) =>
    Array.from({ length }, (_, index) => rule(peers(index), `TCP ${index + 1}-${65_000 - index}`))
  const blocks = (length: number) => numbers(length).map((index) => `10.${index >> 8}.${index & 255}.0/25`)
  const apps = (length: number) => numbers(length).map((index) => `app=${index}`)
  const singlePorts = (length: number) => numbers(length).map((index) => `TCP ${2 * index + 1}`)

  const fewPorts = ({ namespace, rule: { peers, ports, index } }: NamespacedRule): NamespacedRule => ({
    namespace,
    rule: { index, peers, ports: ports === 'any' ? ports : ports.slice(0, 300) },
  })

  test.each<readonly [string, readonly NamespacedRule[], Direction]>([
    ['nested ranges of ports, each for peers of its own', nested((index) => `app=${index}`, 800), 'ingress'],
    [
      'blocks times ports: each is a box in the kernel',
      [rule(blocks(900).join(', '), singlePorts(600).join(', '))],
      'ingress',
    ],
    [
      'peers times port names: each is a term of one set',
      [
        rule(
          apps(900).join(', '),
          numbers(600)
            .map((index) => `TCP name-${index}`)
            .join(', '),
        ),
      ],
      'egress',
    ],
    [
      'more sets of peers than are laid out by themselves, times ports',
      numbers(200).map((index) =>
        rule(
          [...apps(900), `own=${index}`].join(', '),
          `TCP ${index * 300 + 1}, TCP ${index * 300 + 3}, TCP ${index * 300 + 5}`,
        ),
      ),
      'ingress',
    ],
    [
      'what takes too long to add up, though one range comes out',
      [rule('10.0.0.0/8', 'TCP 1-65535')].concat(nested((index) => `10.${index >> 8}.${index & 255}.0/24`, 2_100)),
      'ingress',
    ],
    [
      'one set of peers times ports that nobody could read',
      [rule(apps(5_000).join(', '), singlePorts(5_000).join(', '))],
      'ingress',
    ],
  ])('%s', (_, rules, direction) => {
    const built = buildGrants(rules, direction, [])
    expect({ kind: built.kind, grants: grantTexts(built.grants) }).toEqual({ kind: 'too complex', grants: [] })
    const [first, ...others] = rules
    if (first === undefined) throw new Error('no rule')
    const few = others.length === 0 ? [fewPorts(first)] : rules.slice(0, rules.length / 3)
    expect(buildGrants(few, direction, []).kind).toBe('grants')
  })
})

describe('what comes out small is no matter of how much went in', () => {
  test('nested ranges of ports for anyone are one range', () => {
    const nested = numbers(1_100).map((index) => rule('anyone', `TCP ${index + 1}-${65_000 - index}`))
    expect(grantTexts(buildGrants(nested, 'ingress', []).grants)).toEqual(['TCP 1-65000 ← anyone'])
  })

  test('one rule of many peers and many ports is one set of peers and its ports', () => {
    const apps = numbers(900).map((index) => `app=${index}`)
    const ports = numbers(600).map((index) => `TCP ${2 * index + 1}`)
    const built = buildGrants([rule(apps.join(', '), ports.join(', '))], 'ingress', [])
    expect(built.kind).toBe('grants')
    expect(built.grants.list).toHaveLength(600)
    expect(new Set(built.grants.list.map(({ peers }) => peers)).size).toBe(1)
    expect(built.grants.key.length).toBeLessThan(100_000)
  })

  test('nested ranges for the same peers, written again in each rule', () => {
    const peers = numbers(50)
      .map((index) => `app=${index}`)
      .join(', ')
    const nested = numbers(1_100).map((index) => rule(peers, `TCP ${index + 1}-${65_000 - index}`))
    expect(buildGrants(nested, 'ingress', []).grants.list).toHaveLength(1)
  })
})

test('grants have equal keys when their peers are equal, whether those are one object or many', () => {
  const one = buildGrants([rule('app=a', 'TCP 80, TCP 90, UDP'), rule('app=b', 'TCP 85')], 'ingress', [])
  const many = ['TCP 90', 'UDP', 'TCP 80'].map((ports) => rule('app=a', ports))
  expect(buildGrants([...many, rule('app=b', 'TCP 85')], 'ingress', []).grants.key).toBe(one.grants.key)
  const swapped = buildGrants([rule('app=b', 'TCP 80, TCP 90, UDP'), rule('app=a', 'TCP 85')], 'ingress', [])
  expect(swapped.grants.key).not.toBe(one.grants.key)
})

function numbers(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index)
}

test('a closed direction has no rules, nor has one that a policy does not speak of; the others stay', () => {
  const [one, two] = [rule('app=a', 'any'), rule('app=b', 'any', 'ops')]
  const policy = (namespace: string, ingress: Policy['ingress']): Policy => ({
    kind: 'NetworkPolicy',
    namespace,
    name: 'some',
    podSelector: EVERYTHING,
    ingress,
    egress: undefined,
  })
  const policies = [
    policy('shop', { kind: 'rules', rules: [one.rule] }),
    policy('shop', { kind: 'closed', reason: 'port 70000' }),
    policy('ops', { kind: 'rules', rules: [two.rule] }),
  ]
  expect(rulesOf(policies, 'ingress')).toEqual([one, two])
  expect(rulesOf(policies, 'egress')).toEqual([])
})
