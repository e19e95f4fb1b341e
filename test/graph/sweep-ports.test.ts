import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Grant } from '../../compiler/graph/grants.ts'
import { createGrantsBudget } from '../../compiler/graph/grants-budget.ts'
import { createPeerSets } from '../../compiler/graph/peer-sets.ts'
import { NOBODY, type Peers, peersKey, unionPeers } from '../../compiler/graph/peers.ts'
import { rulePeers } from '../../compiler/graph/rule-peers.ts'
import { type PortPiece, sweepPorts } from '../../compiler/graph/sweep-ports.ts'
import type { Protocol } from '../../compiler/objects/protocol.ts'
import { numRuns } from '../support/runs.ts'
import { rule } from './make-rules.ts'

const HIGHEST = 12

const peers: fc.Arbitrary<Peers> = fc
  .constantFrom('app=a', 'app=b', 'app=a, app=b', '10.0.0.0/30', '10.0.0.2/31', 'anyone')
  .map((text) => peersOf(text))

const piece: fc.Arbitrary<PortPiece> = fc
  .tuple(fc.integer({ min: 1, max: HIGHEST }), fc.nat(5), peers)
  .map(([from, length, some]) => ({ from, to: Math.min(from + length, HIGHEST), peers: some }))

test('each port has the peers of all pieces that cover it; intervals are disjoint and maximal', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const grants = sweep('TCP', pieces)
      const ranges = grants.map(({ ports, peers: granted }) => {
        if (ports.kind !== 'range' || ports.protocol !== 'TCP')
          throw new Error('a sweep gives intervals of its protocol')
        return { from: ports.from, to: ports.to, key: peersKey(granted) }
      })
      for (let port = 0; port <= HIGHEST + 1; port++) {
        const covering = pieces.filter(({ from, to }) => from <= port && port <= to).map((one) => one.peers)
        const expected = peersKey(unionPeers(covering))
        const found = ranges.filter(({ from, to }) => from <= port && port <= to).map(({ key }) => key)
        expect({ port, found }).toEqual({ port, found: expected === peersKey(NOBODY) ? [] : [expected] })
      }
      for (const [index, { to, key }] of ranges.entries()) {
        const next = ranges[index + 1]
        if (next === undefined) continue
        expect(next.from).toBeGreaterThan(to)
        if (next.from === to + 1) expect(next.key).not.toBe(key)
      }
    }),
    { numRuns: numRuns(500) },
  )
})

test('it stops with what it has when the budget is exhausted', () => {
  const pieces = ['a', 'b', 'c', 'd'].map((app, index) => ({ from: 1, to: 10 + index, peers: peersOf(`app=${app}`) }))
  // All four; three; two; one that was there before.
  expect(sweep('TCP', pieces, 9)).toHaveLength(4)
  expect(sweep('TCP', pieces, 8).length).toBeLessThan(4)
})

test('port 65535 is an end like any other', () => {
  const grants = sweep('UDP', [{ from: 65_535, to: 65_535, peers: peersOf('app=a') }])
  expect(grants.map(({ ports }) => ports)).toEqual([{ kind: 'range', protocol: 'UDP', from: 65_535, to: 65_535 }])
})

function sweep(protocol: Protocol, pieces: readonly PortPiece[], terms?: number): readonly Grant[] {
  const budget = createGrantsBudget(terms)
  const sets = createPeerSets(budget)
  const known = pieces.map(({ from, to, peers: some }) => ({ from, to, peers: sets.one(some) }))
  return sweepPorts(protocol, known, sets, budget)
}

function peersOf(text: string): Peers {
  return rulePeers(rule(text, 'any').rule, 'shop')
}
