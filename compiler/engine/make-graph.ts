import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { LabelSet } from '../objects/label-set.ts'
import type { Namespace } from '../objects/objects.ts'
import { podKey } from '../objects/pod-name.ts'
import type { PodMap } from './pod-map.ts'
import type { PolicyBook } from './policy-book.ts'

/** The allow-graph of all that an engine holds, as it is now. */
export function makeGraph(
  pods: PodMap,
  book: PolicyBook,
  namespaces: ReadonlyMap<string, Namespace>,
  namespaceLabels: (name: string) => LabelSet,
): AllowGraph {
  const graphPods = [...pods.values()]
    .map(({ pod, owned, isolated: { ingress, egress } }): GraphPod => ({ pod, addresses: owned, ingress, egress }))
    .sort((left, right) => (podKey(left.pod) < podKey(right.pod) ? -1 : 1))
  return {
    pods: new Map(graphPods.map((graphPod) => [podKey(graphPod.pod), graphPod])),
    owners: new Map(graphPods.flatMap((graphPod) => graphPod.addresses.map((address) => [address, graphPod]))),
    namespaceLabels,
    declaresNamespace: (name) => namespaces.has(name),
    policies: [...book.values()],
  }
}
