import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deniedGraph } from '../../compiler/reach/denied-graph.ts'
import { namespaceOverview } from '../../compiler/reach/namespace-overview.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesSay, isUnspoken, withWorkloads } from './edge-words.ts'

test.each(['pod', 'workload'] as const)('what does not pass, by %s, is what the oracle denies', (by) => {
  const met = { between: 0, outside: 0 }
  fc.assert(
    fc.property(clusters(), fc.boolean(), (raw, alike) => {
      const cluster = withWorkloads(raw, alike)
      const judge = oracle(cluster)
      const { edges } = deniedGraph(engineOf(cluster).graph(), by, () => true)
      for (const connection of interestingConnections(cluster, 150)) {
        if (isUnspoken(cluster, connection)) continue
        const denied = edgesSay(edges, cluster, connection).length > 0
        expect({ connection, denied }).toEqual({ connection, denied: !judge(connection).allowed })
        const isBetween = [connection.source, connection.destination].every((end) => ownerOf(end, cluster.pods))
        if (denied) met[isBetween ? 'between' : 'outside'] += 1
      }
    }),
    lawParameters(40),
  )
  expect(Math.min(met.between, met.outside)).toBeGreaterThan(0)
})

/** Between which namespaces, or whom outside, and on what. */
function sort(cluster: RawCluster, connection: Connection): string {
  const nameOf = (address: string): string => {
    const owner = ownerOf(address, cluster.pods)
    return owner === undefined ? address : namespaceOf(owner)
  }
  const { source, destination, protocol, port } = connection
  const family = source.includes(':')
  return JSON.stringify([nameOf(source), nameOf(destination), protocol, port, family])
}

test('an edge between namespaces is what some pod of the one may with some pod of the other', () => {
  let met = { said: 0, unsaid: 0, some: 0 }
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const judge = oracle(cluster)
      const { nodes, edges } = namespaceOverview(reachGraph(engineOf(cluster).graph(), 'workload'))
      expect(nodes.filter(({ kind }) => kind !== 'namespace')).toEqual([])
      // Every pair of pods on every port that one of them is asked about.
      const asked = interestingConnections(cluster, 60)
      const pods = asked.flatMap(({ source, destination }) => [source, destination])
      const ends = [...new Set(pods)].filter((address) => ownerOf(address, cluster.pods) !== undefined)
      const all = asked
        .filter((one) => ends.includes(one.source) && ends.includes(one.destination) && !isUnspoken(cluster, one))
        .flatMap((one) =>
          ends.flatMap((source) => ends.map((destination): Connection => ({ ...one, source, destination }))),
        )
        .filter((one) => one.source.includes(':') === one.destination.includes(':') && !isUnspoken(cluster, one))
      const sorts = Map.groupBy(all, (one) => sort(cluster, one))
      for (const same of sorts.values()) {
        const [connection] = same
        if (connection === undefined) continue
        const allowed = same.filter((one) => judge(one).allowed).length
        const said = edgesSay(edges, cluster, connection).length > 0
        // Of pods that were not asked about one may be allowed.
        if (allowed > 0) expect({ connection, said }).toEqual({ connection, said: true })
        met = {
          said: met.said + Number(said),
          unsaid: met.unsaid + Number(!said),
          some: met.some + Number(allowed > 0 && allowed < same.length),
        }
        if (said && allowed === 0) expect(ends.length).toBeLessThan(cluster.pods.length * 2)
      }
    }),
    lawParameters(40),
  )
  expect(Object.entries(met).filter(([, count]) => count === 0)).toEqual([])
})
