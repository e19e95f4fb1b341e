import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { numRuns } from '../support/runs.ts'
import { clusters } from './clusters.ts'
import { interestingConnections } from './connections.ts'
import { respell } from './respell.ts'

test('a respelt cluster has the same verdicts', () => {
  fc.assert(
    fc.property(clusters(), fc.integer(), (cluster, seed) => {
      const connections = interestingConnections(cluster, 100)
      expect(connections.map(oracle(respell(cluster, seed)))).toEqual(connections.map(oracle(cluster)))
    }),
    { numRuns: numRuns(200) },
  )
})

test('a respelt cluster is nearly always written differently', () => {
  const sample = fc.sample(fc.tuple(clusters(), fc.integer()), { numRuns: 100, seed: 1 })
  const changed = sample.filter(([cluster, seed]) => JSON.stringify(respell(cluster, seed)) !== JSON.stringify(cluster))
  expect(changed.length).toBeGreaterThan(95)
})

test('the same seed spells the same', () => {
  fc.assert(
    fc.property(clusters(), fc.integer(), (cluster, seed) => {
      expect(respell(cluster, seed)).toEqual(respell(cluster, seed))
    }),
    { numRuns: numRuns(50) },
  )
})
