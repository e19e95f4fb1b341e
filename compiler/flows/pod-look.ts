import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { isolationKey } from '../graph/isolation-key.ts'

/** A pod as one of two inputs has it. */
export interface PodThere {
  readonly graph: AllowGraph
  readonly pod: GraphPod
}

/** All of a pod that policies of others ask for, as text. */
export function podLook({ graph, pod: { pod, addresses } }: PodThere): string {
  const ports = pod.ports.map(({ name, protocol, number }) => [name, protocol, number])
  return JSON.stringify([pod.namespace, pod.labels.key, graph.namespaceLabels(pod.namespace).key, ports, addresses])
}

/** And what its own say: between two pods of which all of this is the same, everything is. */
export function wholePodLook(there: PodThere): string {
  const { ingress, egress } = there.pod
  return JSON.stringify([podLook(there), isolationKey(ingress), isolationKey(egress)])
}
