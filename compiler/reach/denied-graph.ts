import { FAMILIES } from '../addresses/address.ts'
import { rangeOfFamily } from '../addresses/block-range.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { DIRECTIONS } from '../objects/direction.ts'
import { betweenNodes } from './between-nodes.ts'
import { createReach, type Reach } from './create-reach.ts'
import { byEnds, type Edge, edgesBetween } from './edge.ts'
import { type FoldBy, foldPods, type ReachNode } from './fold.ts'
import { outsideEdges } from './outside-edges.ts'
import { subtractOutside } from './outside-reach.ts'
import { EVERY_PORT, subtractPortSets } from './port-set.ts'
import type { ReachGraph } from './reach-graph.ts'

/** The other side of a reach graph: its edges are what does not pass. Of pods that are not in the input it says nothing. */
export function deniedGraph(graph: AllowGraph, by: FoldBy, isAsked: (node: ReachNode) => boolean): ReachGraph {
  const reach = createReach(graph)
  const pods = [...reach.behaviours, ...reach.hosts].flatMap(({ members }) => members)
  const nodes = foldPods(pods, by, reach.behaviourOf)
  const asked = new Set(nodes.filter(isAsked))
  const edges: Edge[] = []
  for (const from of nodes) {
    // Where neither end is isolated nothing is denied.
    for (const to of nodes) {
      if (!asked.has(from) && !asked.has(to)) continue
      if (from.egress === 'open' && to.ingress === 'open') continue
      const denied = [...betweenNodes(reach, from.members, to.members)].map(
        ([family, ports]) => [family, subtractPortSets(EVERY_PORT, ports)] as const,
      )
      for (const edge of edgesBetween(from.id, to.id, new Map(denied))) edges.push(edge)
    }
    if (asked.has(from)) for (const edge of deniedOutside(reach, from)) edges.push(edge)
  }
  edges.sort(byEnds)
  const ids = new Set(nodes.map(({ id }) => id))
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]).filter((end) => !ids.has(end)))
  return { by, nodes, possible: [], blocks: [...ends].sort(), edges }
}

function deniedOutside(reach: Reach, { id, members: [pod] }: ReachNode): readonly Edge[] {
  if (pod === undefined) return []
  return FAMILIES.flatMap((family) =>
    DIRECTIONS.flatMap((direction) => {
      const allowed = reach.outside(pod, direction, family)
      // Of a family that the pod has no address of nothing is said at all.
      if (allowed.length === 0 && pod[direction] === 'open') return []
      if (!reach.hasFamily(pod, family)) return []
      const everything = [{ ports: EVERY_PORT, ranges: [rangeOfFamily(family)] }]
      const denied = subtractOutside(everything, allowed, reach.owned[family])
      return outsideEdges(id, direction, family, denied, reach.owned[family])
    }),
  )
}
