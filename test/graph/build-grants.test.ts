import { expect, test } from 'vitest'
import { buildGrants, type Direction, type NamespacedRule, rulesOf } from '../../compiler/graph/build-grants.ts'
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

test('a direction with more peers times ports than the budget is too complex, and gets nothing', () => {
  const nested = Array.from({ length: 800 }, (_, index) => rule(`app=${index}`, `TCP ${index + 1}-${65_000 - index}`))
  const built = buildGrants(nested, 'ingress', [])
  expect({ kind: built.kind, grants: grantTexts(built.grants) }).toEqual({ kind: 'too complex', grants: [] })
  expect(buildGrants(nested.slice(0, 300), 'ingress', []).kind).toBe('grants')
})

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
