import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deniedGraph } from '../../compiler/reach/denied-graph.ts'
import { namespaceOverview } from '../../compiler/reach/namespace-overview.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { podAddresses } from '../arbitraries/interesting-addresses.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { spread } from '../arbitraries/spread.ts'
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
  const met = { none: 0, some: 0, all: 0 }
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const judge = oracle(cluster)
      const { nodes, edges } = namespaceOverview(reachGraph(engineOf(cluster).graph(), 'workload'))
      expect(nodes.filter(({ kind }) => kind !== 'namespace')).toEqual([])
      // A CIDR says its family itself.
      expect(edges.filter(({ from, to, family }) => family !== undefined && /[\d:]\/\d/.test(from + to))).toEqual([])
      const ends = podAddresses(cluster).filter((address) => ownerOf(address, cluster.pods) !== undefined)
      const services = interestingServices(cluster)
      const asked = spread(services.length, 8).flatMap((index) => services[index] ?? [])
      const all = asked
        .flatMap((service) =>
          ends.flatMap((source) => ends.map((destination): Connection => ({ source, destination, ...service }))),
        )
        .filter((one) => one.source.includes(':') === one.destination.includes(':') && !isUnspoken(cluster, one))
      for (const same of Map.groupBy(all, (one) => sort(cluster, one)).values()) {
        const [connection] = same
        if (connection === undefined) continue
        const allowed = same.filter((one) => judge(one).allowed).length
        const said = edgesSay(edges, cluster, connection).length > 0
        expect({ connection, said }).toEqual({ connection, said: allowed > 0 })
        met[allowed === 0 ? 'none' : allowed < same.length ? 'some' : 'all'] += 1
      }
    }),
    lawParameters(40),
  )
  expect(Object.entries(met).filter(([, count]) => count === 0)).toEqual([])
})
