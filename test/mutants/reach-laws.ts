import { deepStrictEqual } from 'node:assert'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { spread } from '../arbitraries/spread.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { edgesNaming, edgesSay, isUnspoken } from '../laws/edge-words.ts'
import { everywhereAllowed, pairsOf } from '../laws/host-pairs.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'

/** The edges of the graph say what the oracle allows: test/laws/reach-equals-oracle in short. */
export function edgesAreOracle(cluster: RawCluster): void {
  const judge = oracle(cluster)
  const { edges } = reachGraph(engineOf(cluster).graph(), 'workload')
  for (const one of interestingConnections(cluster, 120)) {
    if (isUnspoken(cluster, one)) continue
    deepStrictEqual({ one, said: isSaid(edges, cluster, one) }, { one, said: judge(one).allowed })
  }
}

/** What opens and closes between two sets of policies is exactly what the oracle says: test/laws/diff-laws in short. */
export function differenceIsOracle(before: RawCluster, after: RawCluster): void {
  const [was, is] = [oracle(before), oracle(after)]
  const { opens, closes } = compareReach(engineOf(before).graph(), engineOf(after).graph(), 'workload')
  for (const one of [...interestingConnections(before, 60), ...interestingConnections(after, 60)]) {
    if (isUnspoken(after, one)) continue
    const news = { opens: is(one).allowed && !was(one).allowed, closes: was(one).allowed && !is(one).allowed }
    const said = { opens: isSaid(opens, after, one), closes: isSaid(closes, after, one) }
    deepStrictEqual({ one, ...said }, { one, ...news })
  }
}

/** Edges of pods on the network of their nodes hold wherever those are: test/laws/hosts-equal-oracle in short. */
export function hostEdgesAreOracle(cluster: RawCluster): void {
  const judge = oracle(cluster)
  const { edges } = reachGraph(engineOf(cluster).graph(), 'pod')
  const services = interestingServices(cluster)
  for (const pair of pairsOf(cluster)) {
    for (const service of spread(services.length, 10).flatMap((index) => services[index] ?? [])) {
      const there = { source: pair.hostAddress, destination: pair.podAddress, ...service }
      const back = { source: pair.podAddress, destination: pair.hostAddress, ...service }
      const said = {
        there: edgesNaming(edges, there, pair.host, pair.pod).length > 0,
        back: edgesNaming(edges, back, pair.pod, pair.host).length > 0,
      }
      const right = staysOnNode(cluster, there)
        ? { there: true, back: true }
        : { there: everywhereAllowed(cluster, pair, service), back: judge(back).allowed }
      deepStrictEqual({ pair, service, ...said }, { pair, service, ...right })
    }
  }
}

function isSaid(edges: readonly Edge[], cluster: RawCluster, one: Parameters<typeof edgesSay>[2]): boolean {
  return edgesSay(edges, cluster, one).length > 0
}
