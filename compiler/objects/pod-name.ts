import type { Pod } from './objects.ts'

/** Under which a pod is known: `namespace/name`, and the kind where it stands for a workload, which may share its name. */
export function podKey(pod: Pod): string {
  return pod.standIn ? `${podName(pod)} ${pod.workload?.kind ?? ''}` : podName(pod)
}

/** `namespace/name`, for people. */
export function podName(pod: { readonly namespace: string; readonly name: string }): string {
  return `${pod.namespace}/${pod.name}`
}
