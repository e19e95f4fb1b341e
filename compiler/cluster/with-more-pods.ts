import { isolatedBy } from '../engine/isolated-by.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Pod } from '../objects/objects.ts'
import { podKey } from '../objects/pod-name.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { Cluster } from './create-cluster.ts'

/**
 * The cluster with pods that were only thought of, each with addresses that nobody owns, as `createCluster` would make it with them:
 * thousands of pods beside them are not looked at again. Its `engine` knows nothing of them.
 */
export function withMorePods(cluster: Cluster, pods: readonly Pod[]): Cluster {
  const { graph } = cluster
  const policies = Map.groupBy(graph.policies, ({ namespace }) => namespace)
  const added = pods.map((pod): GraphPod => {
    const own = policies.get(pod.namespace) ?? []
    const selecting = own.filter(({ podSelector }) => matchesSelector(podSelector, pod.labels.labels))
    const { ingress, egress } = isolatedBy(selecting, pod.ports)
    return { pod, addresses: pod.addresses, ingress, egress }
  })
  const all = [...graph.pods.values(), ...added]
    .map((one) => [podKey(one.pod), one] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  const owned = added.flatMap((one) => one.addresses.map((address) => [address, one] as const))
  const inNamespace = Map.groupBy(pods, ({ namespace }) => namespace)
  return {
    ...cluster,
    graph: { ...graph, pods: new Map(all), owners: new Map([...graph.owners, ...owned]) },
    selections: cluster.selections.map(({ policy, pods: selected }) => {
      const more = (inNamespace.get(policy.namespace) ?? []).filter(({ labels }) =>
        matchesSelector(policy.podSelector, labels.labels),
      )
      return { policy, pods: more.length === 0 ? selected : [...selected, ...more] }
    }),
    objects: [...cluster.objects, ...pods],
  }
}
