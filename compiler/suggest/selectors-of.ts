import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../flows/judge-flow.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import { podKey } from '../objects/pod-name.ts'
import { type PodSelector, tellApart } from './tell-apart.ts'

/** How policies name the workloads of a cluster as peers. */
export interface Selectors {
  /** Throws for one that is nameless: flows with such an end are left out before. */
  of(workload: WorkloadPods): PodSelector
  isNameless(end: FoundEnd): boolean
  /** The workload of a pod, by podKey. */
  home(key: string): WorkloadPods | undefined
}

export function createSelectors(cluster: Cluster, workloads: readonly WorkloadPods[]): Selectors {
  const byNamespace = Map.groupBy(
    workloads.flatMap(({ pods }) => pods),
    ({ pod }) => pod.namespace,
  )
  const homes = new Map(workloads.flatMap((one) => one.pods.map(({ pod }) => [podKey(pod), one])))
  const known = new Map<string, PodSelector | undefined>()
  const find = ({ id, namespace, pods }: WorkloadPods): PodSelector | undefined => {
    if (known.has(id)) return known.get(id)
    const own = new Set(pods)
    const others = (byNamespace.get(namespace) ?? []).filter((pod) => !own.has(pod))
    const selector = tellApart(cluster, pods, others)
    known.set(id, selector)
    return selector
  }
  return {
    of(workload) {
      const selector = find(workload)
      if (selector === undefined) throw new Error(`${workload.id} has no label that lasts`)
      return selector
    },
    isNameless: (end) => end.kind === 'pods' && find(end.workload) === undefined,
    home: (key) => homes.get(key),
  }
}
