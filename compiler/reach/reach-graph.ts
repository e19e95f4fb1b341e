import { FAMILIES } from '../addresses/address.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { DIRECTIONS } from '../objects/direction.ts'
import { betweenNodes } from './between-nodes.ts'
import { createReach, type Reach } from './create-reach.ts'
import { byEnds, type Edge, edgesBetween } from './edge.ts'
import { exposedEdges } from './exposed-edges.ts'
import type { Stranger } from './exposed-ports.ts'
import { type FoldBy, foldPods, type ReachNode } from './fold.ts'
import { createNodeCandidates } from './node-candidates.ts'
import { outsideEdges } from './outside-edges.ts'

/** What edges speak of, beside CIDRs. */
export interface EdgeEnds {
  readonly nodes: readonly ReachNode[]
  /** Pods that are not in the input, as rules name them, sorted by id; each an end of edges by it. */
  readonly possible: readonly Stranger[]
}

/** Who can reach whom, folded. */
export interface ReachGraph extends EdgeEnds {
  readonly by: FoldBy
  /** CIDRs that edges speak of, sorted. */
  readonly blocks: readonly string[]
  /** By ends, then protocol, then port. */
  readonly edges: readonly Edge[]
}

/** The whole picture of an allow-graph. Pods without an address are not in it, unless they are on the network of a node. */
export function reachGraph(graph: AllowGraph, by: FoldBy): ReachGraph {
  const reach = createReach(graph)
  const pods = [...reach.behaviours, ...reach.hosts].flatMap(({ members }) => members)
  const nodes = foldPods(pods, by, reach.behaviourOf)
  const candidates = createNodeCandidates(
    reach,
    nodes.map(({ members: [pod] }) => pod),
  )
  const edges: Edge[] = []
  for (const from of nodes) {
    for (const position of candidates(from.members[0])) {
      const to = nodes[position]
      if (to === undefined) continue
      for (const edge of edgesBetween(from.id, to.id, betweenNodes(reach, from.members, to.members))) edges.push(edge)
    }
    for (const edge of edgesOutside(reach, from)) edges.push(edge)
  }
  const { strangers } = reach.exposure
  for (const edge of exposedEdges(reach, nodes)) edges.push(edge)
  edges.sort(byEnds)
  const ids = new Set([...nodes.map(({ id }) => id), ...strangers.map(({ peer }) => peer.id)])
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]).filter((end) => !ids.has(end)))
  return { by, nodes, possible: strangers, blocks: [...ends].sort(), edges }
}

function edgesOutside(reach: Reach, { id, members: [pod] }: ReachNode): readonly Edge[] {
  if (pod === undefined) return []
  return FAMILIES.flatMap((family) =>
    DIRECTIONS.flatMap((direction) =>
      outsideEdges(id, direction, family, reach.outside(pod, direction, family), reach.owned[family]),
    ),
  )
}
