import type { Cluster } from '../cluster/create-cluster.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { type PodSelector, tellApart } from './tell-apart.ts'

/** Whom one policy is for: a workload, or several that no label tells apart. */
export interface Subject {
  /** Sorted by id. */
  readonly workloads: readonly WorkloadPods[]
  /** Selects their pods, and no other of the namespace. */
  readonly selector: PodSelector
}

export interface Subjects {
  readonly subjects: readonly Subject[]
  /** Without a label in common that lasts: no policy can select them. */
  readonly nameless: readonly WorkloadPods[]
}

/** The subjects among the workloads of one namespace; each workload is in one of them, or nameless. */
export function findSubjects(cluster: Cluster, workloads: readonly WorkloadPods[]): Subjects {
  const all = workloads.flatMap(({ pods }) => pods)
  const homes = new Map(workloads.flatMap((one) => one.pods.map((pod) => [pod, one])))
  const nameless: WorkloadPods[] = []
  let subjects: Subject[] = []
  for (const workload of workloads) {
    // Together with everybody that its selector would select too; what they have in common selects more again, perhaps.
    let joined: readonly WorkloadPods[] = [workload]
    for (;;) {
      const selector = selectorOf(cluster, joined, all)
      if (selector === undefined) {
        nameless.push(workload)
        break
      }
      const met = new Set([...joined, ...selector.alsoSelects.flatMap((pod) => homes.get(pod) ?? [])])
      const known = subjects.filter((one) => one.workloads.some((other) => met.has(other)))
      for (const other of known.flatMap((one) => one.workloads)) met.add(other)
      if (met.size === joined.length) {
        subjects = [...subjects.filter((one) => !known.includes(one)), { workloads: joined, selector }]
        break
      }
      joined = [...met].sort(byId)
    }
  }
  return { subjects: subjects.sort((left, right) => byId(left.workloads[0], right.workloads[0])), nameless }
}

function selectorOf(
  cluster: Cluster,
  joined: readonly WorkloadPods[],
  all: readonly GraphPod[],
): PodSelector | undefined {
  const members = joined.flatMap(({ pods }) => pods)
  const own = new Set(members)
  return tellApart(
    cluster,
    members,
    all.filter((pod) => !own.has(pod)),
  )
}

function byId(left: WorkloadPods | undefined, right: WorkloadPods | undefined): number {
  return (left?.id ?? '') < (right?.id ?? '') ? -1 : 1
}

/** Do policies that stand isolate all of its pods in this direction, or some, or none? */
export function isolationOf({ workloads }: Subject, direction: Direction): 'all' | 'some' | 'none' {
  const pods = workloads.flatMap((one) => one.pods)
  const isolated = pods.filter((pod) => pod[direction] !== 'open').length
  if (isolated === 0) return 'none'
  return isolated === pods.length ? 'all' : 'some'
}
