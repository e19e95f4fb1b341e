import type { Pod } from '../objects/objects.ts'
import type { Sandbox } from '../objects/sandbox.ts'

/** An address that the runtime has given to a pod, and that passes nothing yet. */
export interface HeldAddress {
  readonly address: string
  readonly sandbox: Sandbox
  readonly why: string
  /** No pod of this name and uid has been told. */
  readonly isUnheardOf: boolean
}

/** Why the pod that a sandbox names is not known to be in it. */
export function whyHeld(pod: Pod | undefined, isLocal: boolean, isOwn: boolean, hasNamespace: boolean): string {
  if (pod === undefined) return 'no such pod heard of'
  if (!isOwn) return 'the pod of this name has another uid'
  if (pod.finished) return 'its pod has finished'
  if (pod.hostNetwork) return 'its pod is on the host’s network'
  if (!isLocal) return `its pod is on ${pod.node === undefined ? 'no node' : `node ${pod.node}`}`
  if (!hasNamespace) return `no namespace ${pod.namespace} heard of`
  return 'another one has its address'
}
