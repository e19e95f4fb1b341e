import type { GraphPod } from '../../../compiler/graph/allow-graph.ts'
import { type FoldBy, foldPods } from '../../../compiler/reach/fold.ts'

/**
 * Of each pod the node of the cluster that its box of a picture stays on, and where some pod is on the network of the node:
 * those two always reach each other (docs/semantics.md), and others of the same grants do not. Of any other pod nothing.
 */
export function ownNodes(
  pods: readonly GraphPod[],
  by: FoldBy,
  behaviourOf: (pod: GraphPod) => unknown,
): (pod: GraphPod) => string | undefined {
  const withHosts = new Set(pods.flatMap(({ pod }) => (pod.hostNetwork && pod.node !== undefined ? [pod.node] : [])))
  const found = new Map<GraphPod, string>()
  for (const { members } of withHosts.size === 0 ? [] : foldPods(pods, by, behaviourOf)) {
    const node = members[0]?.pod.node
    if (node === undefined || !withHosts.has(node) || members.some(({ pod }) => pod.node !== node)) continue
    for (const member of members) found.set(member, node)
  }
  return (pod) => found.get(pod)
}
