import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { createMembershipIndex } from '../selectors/membership-index.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'

/** The pods of a graph by what selects them, so that no rule asks every pod about every selector. */
export interface PodIndex {
  /** In the order of the graph's pods, those on the network of their nodes among them, which no policy would match. */
  inGroup(group: PeerGroup): readonly GraphPod[]
  /** Those that are in any of the groups. */
  inGroups(groups: readonly PeerGroup[]): readonly GraphPod[]
  isEmpty(group: PeerGroup): boolean
  inNamespace(name: string): readonly GraphPod[]
  /** The namespaces that have pods, sorted. */
  readonly namespaces: readonly string[]
}

/** Many rules ask about one graph. */
const known = new WeakMap<AllowGraph, PodIndex>()

export function podIndexOf(graph: AllowGraph): PodIndex {
  let index = known.get(graph)
  if (index === undefined) known.set(graph, (index = createPodIndex(graph)))
  return index
}

function createPodIndex(graph: AllowGraph): PodIndex {
  const pods = [...graph.pods.values()]
  const positions = new Map(pods.map((pod, position) => [pod, position]))
  const members = createMembershipIndex<GraphPod>(graph.namespaceLabels)
  for (const one of pods) members.add(one, one.pod.namespace, one.pod.labels)
  const byNamespace = Map.groupBy(pods, ({ pod }) => pod.namespace)

  function inGroups(groups: readonly PeerGroup[]): readonly GraphPod[] {
    const buckets = new Set(groups.flatMap((group) => [...members.use(group).buckets]))
    const found = [...buckets].flatMap((bucket) => [...bucket.members])
    return found.sort((left, right) => (positions.get(left) ?? 0) - (positions.get(right) ?? 0))
  }

  return {
    inGroups,
    inGroup: (group) => inGroups([group]),
    isEmpty: (group) => members.use(group).buckets.size === 0,
    inNamespace: (name) => byNamespace.get(name) ?? [],
    namespaces: [...byNamespace.keys()].sort(),
  }
}
