import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { layFlows } from './lay-flows.ts'
import { spokenEdges } from './reach-rows.ts'
import { type SeenEdges, seenEdges } from './seen-edges.ts'

/** What was seen, laid over who may: who does, and who tried. */
export interface FlowOverlay extends Pick<SeenEdges, 'used' | 'refused'> {
  /** Edges in which some policy has a say, and by which nothing was seen to pass. */
  readonly unused: readonly Edge[]
}

export function flowOverlay({ graph }: Cluster, reach: ReachGraph, list: Pick<FlowList, 'flows'>): FlowOverlay {
  const { used, refused, flows } = seenEdges(graph, reach.nodes, list)
  const edges = spokenEdges(reach)
  const passed = flows.filter(({ flow }) => flow.verdict !== 'denied')
  const found = new Set(layFlows(passed, edges, reach.blocks).flatMap((laid) => laid.edges))
  const known = new Set([...reach.nodes.map(({ id }) => id), ...reach.blocks])
  const unused = edges.filter((edge) => !found.has(edge) && known.has(edge.from) && known.has(edge.to))
  return { used, refused, unused }
}
