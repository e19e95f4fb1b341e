import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ANYONE,
  NOBODY,
  type Peers,
  peersCover,
  peersKey,
  peersSize,
  unionPeers,
  withoutPeers,
} from '../../compiler/graph/peers.ts'
import { rulePeers } from '../../compiler/graph/rule-peers.ts'
import { numRuns } from '../support/runs.ts'
import { rule } from './make-rules.ts'

const PEERS = [
  'app=a',
  'app=b',
  '* app=a',
  '10.0.0.0/30',
  '10.0.0.2/31',
  '10.0.0.0/29 except 10.0.0.4/31',
  'fd00::/126',
]

const some: fc.Arbitrary<Peers> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(ANYONE) },
  { weight: 8, arbitrary: fc.subarray(PEERS).map((texts) => rulePeers(rule(texts.join(', '), 'any').rule, 'shop')) },
)

const equal = (left: Peers, right: Peers) => expect(peersKey(left)).toBe(peersKey(right))

test('union: order, nesting and repetition do not show; nobody adds nothing, anyone absorbs', () => {
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      equal(unionPeers([a, b]), unionPeers([b, a]))
      equal(unionPeers([unionPeers([a, b]), c]), unionPeers([a, unionPeers([b, c])]))
      equal(unionPeers([a, b, c]), unionPeers([a, unionPeers([b, c])]))
      equal(unionPeers([a, a]), a)
      equal(unionPeers([a, NOBODY]), a)
      equal(unionPeers([a, ANYONE]), ANYONE)
    }),
    { numRuns: numRuns(500) },
  )
})

test('difference: what is taken away comes back by union, and taking away twice is taking away once', () => {
  fc.assert(
    fc.property(some, some, (a, b) => {
      const rest = withoutPeers(a, b)
      equal(withoutPeers(rest, b), rest)
      equal(unionPeers([rest, b]), unionPeers([a, b]))
      equal(withoutPeers(a, a), NOBODY)
      equal(withoutPeers(a, NOBODY), a)
      expect(peersCover(a, rest)).toBe(true)
    }),
    { numRuns: numRuns(500) },
  )
})

test('covering is an order: the one that covers is the union of both', () => {
  const seen = { covers: 0, not: 0 }
  const runs = numRuns(1000)
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      const covers = peersCover(a, b)
      seen[covers ? 'covers' : 'not'] += 1
      expect(covers).toBe(peersKey(unionPeers([a, b])) === peersKey(a))
      // Not so for anyone less somebody, which stays anyone: a formula has no complement.
      if (a.kind === 'some' && b.kind === 'some') expect(covers).toBe(peersSize(withoutPeers(b, a)) === 0)
      expect(peersCover(unionPeers([a, b]), a)).toBe(true)
      if (covers && peersCover(b, c)) expect(peersCover(a, c)).toBe(true)
    }),
    { numRuns: runs },
  )
  expect(Math.min(seen.covers, seen.not)).toBeGreaterThan(runs / 20)
})

test('nobody has no size; everything else has one', () => {
  expect(peersSize(NOBODY)).toBe(0)
  expect(peersSize(unionPeers([]))).toBe(0)
  expect(peersSize(ANYONE)).toBe(1)
  for (const text of PEERS) expect(peersSize(rulePeers(rule(text, 'any').rule, 'shop'))).toBeGreaterThan(0)
})
