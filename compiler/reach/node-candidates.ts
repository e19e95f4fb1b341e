import type { GraphPod } from '../graph/allow-graph.ts'
import type { Behaviour } from './behaviours.ts'
import type { Reach } from './create-reach.ts'

/** The positions of the nodes to which anything may pass from a pod: each once, and ascending. */
export type NodeCandidates = (from: GraphPod | undefined) => readonly number[]

/** `nodes`: for each a pod that speaks for it; undefined where there is none on this side. */
export function createNodeCandidates(reach: Reach, nodes: readonly (GraphPod | undefined)[]): NodeCandidates {
  const positions = new Map<Behaviour, number[]>()
  for (const [position, pod] of nodes.entries()) {
    const behaviour = pod && reach.behaviourOf(pod)
    if (behaviour === undefined) continue
    const found = positions.get(behaviour)
    if (found === undefined) positions.set(behaviour, [position])
    else found.push(position)
  }
  return (from) => {
    if (from === undefined) return []
    const found = reach.candidates(from).flatMap((behaviour) => positions.get(behaviour) ?? [])
    return found.sort((left, right) => left - right)
  }
}
