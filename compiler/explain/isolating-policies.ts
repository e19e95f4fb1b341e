import type { Cluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import type { Direction } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'

/** The policies that isolate a pod in a direction, by name. */
export function isolatingPolicies(cluster: Cluster, { pod }: GraphPod, direction: Direction): readonly Policy[] {
  const key = podKey(pod)
  return cluster.selections
    .filter(({ policy, pods }) => policy[direction] !== undefined && pods.some((one) => podKey(one) === key))
    .map(({ policy }) => policy)
    .sort((left, right) => (podName(left) < podName(right) ? -1 : 1))
}
