import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOBODY, type Peers, peersKey, unionPeers, withoutPeers } from '../../compiler/graph/peers.ts'
import { rulePeers } from '../../compiler/graph/rule-peers.ts'
import { type PortPiece, sweepPorts } from '../../compiler/graph/sweep-ports.ts'
import { numRuns } from '../support/runs.ts'
import { rule } from './make-rules.ts'

const HIGHEST = 12

const peers: fc.Arbitrary<Peers> = fc
  .constantFrom('app=a', 'app=b', 'app=a, app=b', '10.0.0.0/30', '10.0.0.2/31', 'anyone')
  .map((text) => peersOf(text))

const piece: fc.Arbitrary<PortPiece> = fc
  .tuple(fc.integer({ min: 1, max: HIGHEST }), fc.nat(5), peers)
  .map(([from, length, some]) => ({ from, to: Math.min(from + length, HIGHEST), peers: some }))

test('each port has the peers of all pieces that cover it, less the wider ones; intervals are disjoint and maximal', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.oneof(fc.constant(NOBODY), peers), (pieces, wider) => {
      const grants = sweepPorts('TCP', pieces, wider, 10_000) ?? []
      const ranges = grants.map(({ ports, peers: granted }) => {
        if (ports.kind !== 'range' || ports.protocol !== 'TCP')
          throw new Error('a sweep gives intervals of its protocol')
        return { from: ports.from, to: ports.to, key: peersKey(granted) }
      })
      for (let port = 0; port <= HIGHEST + 1; port++) {
        const covering = pieces.filter(({ from, to }) => from <= port && port <= to).map((one) => one.peers)
        const expected = peersKey(withoutPeers(unionPeers(covering), wider))
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

test('the budget counts peers times intervals; at the budget there is a result, one below it there is none', () => {
  const pieces = [
    { from: 1, to: 10, peers: peersOf('app=a, app=b') },
    { from: 4, to: 6, peers: peersOf('10.0.0.0/30') },
  ]
  // 1-3: two peers; 4-6: three; 7-10: two.
  expect(sweepPorts('TCP', pieces, NOBODY, 7)).toHaveLength(3)
  expect(sweepPorts('TCP', pieces, NOBODY, 6)).toBeUndefined()
})

test('port 65535 is an end like any other', () => {
  const grants = sweepPorts('UDP', [{ from: 65_535, to: 65_535, peers: peersOf('app=a') }], NOBODY, 10)
  expect(grants?.map(({ ports }) => ports)).toEqual([{ kind: 'range', protocol: 'UDP', from: 65_535, to: 65_535 }])
})

function peersOf(text: string): Peers {
  return rulePeers(rule(text, 'any').rule, 'shop')
}
