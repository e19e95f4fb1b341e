import { familyOf } from '../addresses/family-of.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FlowEnd } from './flow-end.ts'
import { workloadKey, type WorkloadPods, workloadPods } from './workload-pods.ts'

/**
 * By which address today's policies judge an end: its own; of a pod that is gone that of another one of its workload, or of its name;
 * undefined where there is none.
 */
export function createJudgedEnd({ graph }: Cluster): (end: FlowEnd) => string | undefined {
  let workloads: ReadonlyMap<string, WorkloadPods> | undefined
  return (end) => {
    if (end.kind !== 'pod' || !end.gone) return end.address
    // Of most questions no end is gone.
    workloads ??= byKey(workloadPods(graph))
    const family = familyOf(end.address)
    const pods = workloads.get(workloadKey(end.namespace, end.name, end.workload))?.pods ?? []
    return pods.flatMap(({ addresses }) => addresses).find((address) => familyOf(address) === family)
  }
}

function byKey(workloads: readonly WorkloadPods[]): ReadonlyMap<string, WorkloadPods> {
  return new Map(
    workloads.flatMap((one) => one.pods.map(({ pod }) => [workloadKey(pod.namespace, pod.name, pod.workload), one])),
  )
}
