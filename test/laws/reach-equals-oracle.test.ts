import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { oracle } from '../oracle/oracle.ts'
import { ownerOf } from '../oracle/owner-of.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesSay, isFolded, isUnspoken, withWorkloads } from './edge-words.ts'

test.each(['pod', 'workload', 'namespace'] as const)('edges by %s say what the oracle allows', (by) => {
  const met = { folded: 0, between: 0, outside: 0 }
  fc.assert(
    fc.property(clusters(), fc.boolean(), (raw, alike) => {
      const cluster = withWorkloads(raw, alike)
      const judge = oracle(cluster)
      const { nodes, possible, blocks, edges } = reachGraph(engineOf(cluster).graph(), by)
      met.folded += nodes.filter(isFolded).length
      expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
      const ends = new Set([...nodes.map(({ id }) => id), ...possible.map(({ peer }) => peer.id), ...blocks])
      expect(edges.filter(({ from, to }) => !ends.has(from) || !ends.has(to))).toEqual([])
      for (const connection of interestingConnections(cluster, 150)) {
        if (isUnspoken(cluster, connection)) continue
        const said = edgesSay(edges, cluster, connection).length > 0
        expect({ connection, said }).toEqual({ connection, said: judge(connection).allowed })
        const isBetween = [connection.source, connection.destination].every((end) => ownerOf(end, cluster.pods))
        met[isBetween ? 'between' : 'outside'] += 1
      }
    }),
    lawParameters(40),
  )
  expect(met.between).toBeGreaterThan(0)
  expect(met.outside).toBeGreaterThan(0)
  if (by !== 'pod') expect(met.folded).toBeGreaterThan(0)
})
