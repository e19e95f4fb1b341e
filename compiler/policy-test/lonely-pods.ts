import { isReplicated } from '../explain/twins.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { PodSet } from './group-pods.ts'
import type { Assertion, End } from './policy-test.ts'
import { resolveEnd } from './resolve-end.ts'
import type { World } from './world.ts'

/**
 * Pods that stand at both ends of an assertion and are the only ones of a workload that may have two: two of its pods are
 * asked, so there has to be another one.
 */
export function lonelyPods(world: World, assertions: readonly Assertion[]): readonly GraphPod[] {
  const asked = new Set(assertions.flatMap((assertion) => [...podsAtBothEnds(world, assertion)]))
  if (asked.size === 0) return []
  const sizes = new Map<string, number>()
  for (const pod of world.cluster.graph.pods.values()) {
    const name = workloadOf(pod)
    if (pod.addresses.length > 0 && name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  }
  return [...asked].filter((pod) => isReplicated(pod) && sizes.get(workloadOf(pod) ?? '') === 1)
}

function podsAtBothEnds(world: World, assertion: Assertion): Iterable<GraphPod> {
  switch (assertion.kind) {
    case 'only':
      return podsOf(world, assertion.to)
    case 'at most':
      return podsOf(world, assertion.from)
    case 'expect': {
      const to = podsOf(world, assertion.to)
      const from = podsOf(world, assertion.from)
      const [fewer, more] = to.size < from.size ? [to, from] : [from, to]
      return [...fewer].filter((pod) => more.has(pod))
    }
  }
}

function podsOf(world: World, end: End): PodSet {
  const resolved = resolveEnd(world, end)
  return resolved.kind === 'problem' ? new Set() : resolved.set.pods
}

function workloadOf({ pod }: GraphPod): string | undefined {
  const { workload, namespace } = pod
  return workload && `${namespace}/${workload.kind}/${workload.name}`
}
