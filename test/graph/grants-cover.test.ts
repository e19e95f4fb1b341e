import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildGrants, type NamespacedRule } from '../../compiler/graph/build-grants.ts'
import type { Direction } from '../../compiler/objects/direction.ts'
import { grantsCover } from '../../compiler/graph/grants-cover.ts'
import { mayCover } from '../../compiler/graph/may-cover.ts'
import { numRuns } from '../support/runs.ts'
import { rule } from './make-rules.ts'
import { allowedPoints } from './points.ts'

const PEERS = ['anyone', 'app=a', 'app=b', 'app=a, app=b', '* app=a', '10.0.0.0/28', '10.0.0.0/24 except 10.0.0.0/30']
const PORTS = ['any', 'TCP', 'UDP', 'TCP 80', 'TCP 80-81', 'TCP 81-90', 'UDP 80', 'TCP http', 'UDP http', 'TCP 80, UDP']

const rules: fc.Arbitrary<readonly NamespacedRule[]> = fc.array(
  fc.tuple(fc.constantFrom(...PEERS), fc.constantFrom(...PORTS)).map(([peers, ports]) => rule(peers, ports)),
  { maxLength: 4 },
)

const own = [{ name: 'http', protocol: 'TCP' as const, number: 80 }]
const grantsOf = (some: readonly NamespacedRule[], direction: Direction) => buildGrants(some, direction, own).grants

test('grants that cover others allow everything that those allow', () => {
  const runs = numRuns(2000)
  const seen = { covers: 0, equal: 0, careful: 0, not: 0 }
  fc.assert(
    fc.property(rules, rules, fc.constantFrom('ingress', 'egress'), (left, right, direction) => {
      const [a, b] = [grantsOf(left, direction), grantsOf(right, direction)]
      const allowed = allowedPoints(a)
      const lost = [...allowedPoints(b)].filter((point) => !allowed.has(point))
      if (!grantsCover(a, b)) {
        seen[lost.length === 0 ? 'careful' : 'not'] += 1
        return
      }
      seen[a.key === b.key ? 'equal' : 'covers'] += 1
      expect(lost).toEqual([])
    }),
    { numRuns: runs },
  )
  console.log(
    `of ${runs} pairs of grants ${seen.covers} cover, ${seen.equal} are equal, ${seen.not} do not cover, ` +
      `${seen.careful} do but the formula cannot say so`,
  )
  expect(seen.covers).toBeGreaterThan(runs / 50)
  expect(seen.not).toBeGreaterThan(runs / 50)
})

test('what a glance rules out covers nothing, and a glance rules out most of it', () => {
  const seen = { covers: 0, ruledOut: 0, not: 0 }
  const runs = numRuns(2000)
  fc.assert(
    fc.property(rules, rules, fc.constantFrom('ingress', 'egress'), (left, right, direction) => {
      const [a, b] = [grantsOf(left, direction), grantsOf(right, direction)]
      const covers = grantsCover(a, b)
      if (covers) expect(mayCover(a, b)).toBe(true)
      seen[covers ? 'covers' : mayCover(a, b) ? 'not' : 'ruledOut'] += 1
    }),
    { numRuns: runs },
  )
  expect(seen.covers).toBeGreaterThan(runs / 50)
  expect(seen.ruledOut).toBeGreaterThan(seen.not)
})

test('more rules cover fewer: adding a right never bumps the generation', () => {
  const seen = { wider: 0 }
  const runs = numRuns(1000)
  fc.assert(
    fc.property(rules, rules, fc.constantFrom('ingress', 'egress'), (some, more, direction) => {
      const [wider, narrower] = [grantsOf([...some, ...more], direction), grantsOf(some, direction)]
      seen.wider += Number(wider.key !== narrower.key)
      expect(grantsCover(wider, narrower)).toBe(true)
    }),
    { numRuns: runs },
  )
  expect(seen.wider).toBeGreaterThan(runs / 5)
})

interface Row {
  readonly wider: readonly NamespacedRule[]
  readonly narrower: readonly NamespacedRule[]
  readonly says: string
  readonly covers: boolean
}

const rows: readonly Row[] = [
  { says: 'nothing by anything', wider: [], narrower: [], covers: true },
  { says: 'something by nothing', wider: [], narrower: [rule('app=a', 'TCP 80')], covers: false },
  { says: 'a port by its protocol', wider: [rule('app=a', 'TCP')], narrower: [rule('app=a', 'TCP 80')], covers: true },
  {
    says: 'a port by another protocol',
    wider: [rule('app=a', 'UDP')],
    narrower: [rule('app=a', 'TCP 80')],
    covers: false,
  },
  {
    says: 'an interval by two that touch',
    wider: [rule('app=a', 'TCP 70-85'), rule('app=a, app=b', 'TCP 86-100')],
    narrower: [rule('app=a', 'TCP 80-90')],
    covers: true,
  },
  {
    says: 'an interval by two with a gap of one port',
    wider: [rule('app=a', 'TCP 70-84, TCP 86-100')],
    narrower: [rule('app=a', 'TCP 80-90')],
    covers: false,
  },
  {
    says: 'an interval by one that ends a port too early',
    wider: [rule('app=a', 'TCP 80-89')],
    narrower: [rule('app=a', 'TCP 80-90')],
    covers: false,
  },
  {
    says: 'two peers, one by any protocol and one by the port',
    wider: [rule('app=a', 'any'), rule('app=b', 'TCP 80')],
    narrower: [rule('app=a, app=b', 'TCP 80')],
    covers: true,
  },
  {
    says: 'a block by a wider one',
    wider: [rule('10.0.0.0/8', 'any')],
    narrower: [rule('10.1.0.0/16', 'TCP')],
    covers: true,
  },
  {
    says: 'a wider block by its half',
    wider: [rule('10.0.0.0/9', 'any')],
    narrower: [rule('10.0.0.0/8', 'any')],
    covers: false,
  },
  {
    says: 'any protocol by all three',
    wider: [rule('app=a', 'TCP, UDP, SCTP')],
    narrower: [rule('app=a', 'any')],
    covers: false,
  },
]

test.each(rows)('$says: $covers', ({ wider, narrower, covers }) => {
  expect(grantsCover(grantsOf(wider, 'ingress'), grantsOf(narrower, 'ingress'))).toBe(covers)
})

test('a name by itself or by its protocol, not by a number or another name', () => {
  const name = grantsOf([rule('app=a', 'TCP http')], 'egress')
  const by = (ports: string) => grantsCover(grantsOf([rule('app=a, app=b', ports)], 'egress'), name)
  expect(
    ['TCP http', 'TCP', 'any', 'TCP 80', 'TCP 1-65535', 'TCP web', 'UDP http'].map((ports) => [ports, by(ports)]),
  ).toEqual([
    ['TCP http', true],
    ['TCP', true],
    ['any', true],
    ['TCP 80', false],
    // Right, though over-careful: every number of TCP is every name of TCP.
    ['TCP 1-65535', false],
    ['TCP web', false],
    ['UDP http', false],
  ])
})
