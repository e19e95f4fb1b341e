import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import { createFlowJudge, type FoundEnd } from '../flows/judge-flow.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { isolationKey } from '../graph/isolation-key.ts'
import { DIRECTIONS } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import type { Draft } from './draft-policies.ts'
import type { UsedFlow } from './sort-flows.ts'

/**
 * Throws unless the policies, enforced beside those of the cluster, let every flow pass that they are made of, and change nothing for
 * any pod that they are not for: then it is a fault of ours, and nobody should apply it.
 */
export function checkSuggestion(
  cluster: Cluster,
  policies: readonly Policy[],
  used: readonly UsedFlow[],
  drafts: readonly Draft[],
): void {
  const after = createCluster([...cluster.objects, ...policies], cluster.others).graph
  const [was, is] = [createFlowJudge(cluster.graph), createFlowJudge(after)]
  for (const { from, to, transport, family, flow } of used) {
    const passes = is(endIn(after, from), endIn(after, to), transport, family)
    if (passes === was(from, to, transport, family)) continue
    throw new Error(`a suggestion cuts a flow that it is made of: ${JSON.stringify([flow, transport])}`)
  }
  for (const direction of DIRECTIONS) {
    const meant = new Set(
      drafts
        .filter((draft) => draft.direction === direction)
        .flatMap(({ subject }) => subject.workloads.flatMap(({ pods }) => pods.map(({ pod }) => podKey(pod)))),
    )
    for (const [key, { pod, ...before }] of cluster.graph.pods) {
      const now = after.pods.get(key)?.[direction] ?? 'open'
      if (meant.has(key) ? now !== 'open' : isolationKey(now) === isolationKey(before[direction])) continue
      throw new Error(`a suggestion changes, or misses, the ${direction} of ${podName(pod)}`)
    }
  }
}

/** The same end in another graph of the same pods. */
function endIn({ pods }: AllowGraph, end: FoundEnd): FoundEnd {
  if (end.kind === 'address') return end
  const there = (pod: GraphPod): GraphPod => {
    const found = pods.get(podKey(pod.pod))
    if (found === undefined) throw new Error(`${podName(pod.pod)} is in both graphs`)
    return found
  }
  const { workload, exact } = end
  return { kind: 'pods', workload: { ...workload, pods: workload.pods.map(there) }, exact: exact && there(exact) }
}
