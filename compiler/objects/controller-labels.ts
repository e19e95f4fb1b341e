import type { WorkloadKind } from './workload-kind.ts'

/** What a controller adds to the labels of its pods' template. */
export interface ControllerLabels {
  readonly known: readonly (readonly [string, string])[]
  /** Keys of labels that every such pod has, with a value that no manifest says. */
  readonly unknown: readonly string[]
}

const POD_NAME = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX = 'apps.kubernetes.io/pod-index'
/** By which the pods of one StatefulSet differ. */
export const ORDINAL_LABELS: readonly string[] = [POD_INDEX, POD_NAME]

const REVISION = 'controller-revision-hash'
const JOB_NAMES = ['batch.kubernetes.io/job-name', 'job-name']
const JOB_UIDS = ['batch.kubernetes.io/controller-uid', 'controller-uid']

/**
 * The labels that the controllers of Kubernetes set (k8s.io/api apps/v1 and batch/v1): policies select by them, though no
 * template names them. `name`: the workload's; undefined where the API server will choose it.
 */
export function controllerLabels(kind: WorkloadKind, name: string | undefined): ControllerLabels {
  switch (kind) {
    case 'Deployment':
      return { known: [], unknown: ['pod-template-hash'] }
    case 'DaemonSet':
      return { known: [], unknown: [REVISION, 'pod-template-generation'] }
    case 'StatefulSet':
      return { known: [], unknown: [POD_INDEX, REVISION, POD_NAME] }
    case 'Job':
      if (name === undefined || name.length > 63) return { known: [], unknown: [...JOB_NAMES, ...JOB_UIDS] }
      return { known: JOB_NAMES.map((label) => [label, name]), unknown: JOB_UIDS }
    case 'CronJob':
      return { known: [], unknown: [...JOB_NAMES, ...JOB_UIDS] }
    case 'ReplicaSet':
    case 'ReplicationController':
      return { known: [], unknown: [] }
  }
}

/** The labels of one pod of a StatefulSet (pod-index since Kubernetes 1.28), and what stays unknown of it. */
export function ordinalLabels(podName: string, ordinal: number): ControllerLabels {
  const index = [POD_INDEX, String(ordinal)] as const
  // Longer than a label's value can be: the API server makes no such pod.
  if (podName.length > 63) return { known: [index], unknown: [REVISION, POD_NAME] }
  return { known: [index, [POD_NAME, podName]], unknown: [REVISION] }
}
