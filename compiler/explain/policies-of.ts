import type { Cluster } from '../cluster/create-cluster.ts'
import { findEnd } from '../cluster/find-end.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import { isolatingPolicies } from './isolating-policies.ts'
import type { Refusal } from './site.ts'

/** Pods of one word that the same policies select. */
export interface PoliciesOfPods {
  /** `namespace/name` of each. */
  readonly pods: readonly string[]
  /** On the network of their node: nothing selects them. */
  readonly hostNetwork: boolean
  /** Policies that isolate them in a direction, by name. */
  readonly isolatedBy: Readonly<Record<Direction, readonly Policy[]>>
}

export interface PoliciesAnswer {
  readonly kind: 'policies'
  readonly name: string
  readonly groups: readonly PoliciesOfPods[]
}

/** Which policies apply to the pods that a word names, or why that cannot be said. */
export function policiesOf(cluster: Cluster, word: string, namespace: string): PoliciesAnswer | Refusal {
  const end = findEnd(cluster, word, namespace)
  switch (end.kind) {
    case 'nothing':
      return { kind: 'problem', problem: end.problem, hint: end.hint }
    case 'pods':
    case 'hosts':
      return { kind: 'policies', name: end.name, groups: groupsOf(cluster, end.pods) }
    case 'address':
    case 'service':
    case 'ingress':
      return {
        kind: 'problem',
        problem: `${end.name} is no pod and no workload`,
        hint: 'policies select pods; name one',
      }
  }
}

function groupsOf(cluster: Cluster, pods: readonly GraphPod[]): readonly PoliciesOfPods[] {
  const groups = new Map<string, { pods: string[] } & Omit<PoliciesOfPods, 'pods'>>()
  const sorted = pods.toSorted((left, right) => (podKey(left.pod) < podKey(right.pod) ? -1 : 1))
  for (const one of sorted) {
    const { hostNetwork } = one.pod
    const of = (direction: Direction) => (hostNetwork ? [] : isolatingPolicies(cluster, one, direction))
    const isolatedBy = { ingress: of('ingress'), egress: of('egress') }
    const key = JSON.stringify([hostNetwork, ...DIRECTIONS.map((direction) => isolatedBy[direction].map(podName))])
    const known = groups.get(key)
    if (known !== undefined) known.pods.push(podName(one.pod))
    else groups.set(key, { pods: [podName(one.pod)], hostNetwork, isolatedBy })
  }
  return [...groups.values()]
}
