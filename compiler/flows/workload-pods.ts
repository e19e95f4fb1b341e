import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Workload } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import { findNamesakes } from '../reach/fold.ts'

/** The pods of one workload, or a pod that belongs to none: at least one, none finished, none on the network of its node. */
export interface WorkloadPods {
  /** As `graph` and `diff` call it: `namespace/name`, and the kind where two things share the name. */
  readonly id: string
  readonly namespace: string
  readonly name: string
  /** Undefined of a pod without a workload. */
  readonly kind: string | undefined
  readonly pods: readonly GraphPod[]
}

/** A CronJob calls its Jobs by its own name and the minute (batch/v1, getJobName: minutes since 1970). */
const JOB_OF_CRON = /^(.+)-\d{8,10}$/

/** Every workload that policy can govern, sorted by id. The Jobs of a CronJob are that CronJob. */
export function workloadPods({ pods }: AllowGraph): readonly WorkloadPods[] {
  const governed = [...pods.values()].filter(({ pod }) => !pod.hostNetwork && !pod.finished)
  const namesakes = findNamesakes(governed)
  const groups = Map.groupBy(governed, ({ pod }) => workloadKey(pod.namespace, pod.name, pod.workload))
  return [...groups.values()]
    .map((members): WorkloadPods => {
      const [first] = members
      if (first === undefined) throw new Error('a group has a member')
      const { namespace, name } = first.pod
      const workload = first.pod.workload && lastingWorkload(first.pod.workload)
      const called = `${namespace}/${workload?.name ?? name}`
      const id = namesakes.has(called) && workload !== undefined ? `${called} (${workload.kind})` : called
      return { id, namespace, name: workload?.name ?? name, kind: workload?.kind, pods: members }
    })
    .sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** Equal for the pods of one workload, and for those of one CronJob's Jobs. */
export function workloadKey(namespace: string, name: string, workload: Workload | undefined): string {
  if (workload === undefined) return podName({ namespace, name })
  const lasting = lastingWorkload(workload)
  return `${lasting.kind} ${namespace}/${lasting.name}`
}

function lastingWorkload({ kind, name }: Workload): Workload {
  const cron = kind === 'Job' ? JOB_OF_CRON.exec(name)?.[1] : undefined
  return cron === undefined ? { kind, name } : { kind: 'CronJob', name: cron }
}
