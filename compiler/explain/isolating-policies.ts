import type { Cluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import type { Direction } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'

/** A cluster is asked about many of its pods. */
const known = new WeakMap<Cluster['selections'], ReadonlyMap<string, readonly Policy[]>>()

/** The policies that isolate a pod in a direction, by name. */
export function isolatingPolicies(
  { selections }: Pick<Cluster, 'selections'>,
  { pod }: GraphPod,
  direction: Direction,
): readonly Policy[] {
  let policiesOf = known.get(selections)
  if (policiesOf === undefined) known.set(selections, (policiesOf = policiesByPod(selections)))
  const selecting = policiesOf.get(podKey(pod)) ?? []
  return selecting.filter((policy) => policy[direction] !== undefined)
}

/** By podKey; each list by name. */
function policiesByPod(selections: Cluster['selections']): ReadonlyMap<string, readonly Policy[]> {
  const policiesOf = new Map<string, Policy[]>()
  const sorted = selections.toSorted((left, right) => (podName(left.policy) < podName(right.policy) ? -1 : 1))
  for (const { policy, pods } of sorted) {
    for (const pod of pods) {
      const policies = policiesOf.get(podKey(pod))
      if (policies === undefined) policiesOf.set(podKey(pod), [policy])
      else policies.push(policy)
    }
  }
  return policiesOf
}
