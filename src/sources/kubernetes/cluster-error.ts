/** Why the cluster could not be asked, or stopped answering. */
export type ClusterFailure =
  /** The kubeconfig, or what it refers to, cannot be used. */
  | { readonly kind: 'config' }
  /** No answer, or one that broke off; the code is stable and kebab-case, fit for a metric's label. */
  | { readonly kind: 'connection'; readonly code: string }
  /** The API server's own answer: HTTP status or the code of an ERROR event. */
  | StatusFailure

export interface StatusFailure {
  readonly kind: 'status'
  readonly status: number
  /** metav1.StatusReason, or empty. */
  readonly reason: string
  /** From Retry-After or status.details.retryAfterSeconds; 0 when neither is given. */
  readonly retryAfterMilliseconds: number
  /** The version asked for is newer than what the server knows (cause ResourceVersionTooLarge): etcd was set back. */
  readonly versionTooLarge: boolean
}

/** The machine's or the cluster's refusal. The message is whole for people, on one line. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
  readonly failure: ClusterFailure

  constructor(failure: ClusterFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}

/** The version that was asked for is gone or never was (HTTP 410, ERROR event 410, an etcd that was set back). */
export function isVersionLost({ failure }: ClusterError): boolean {
  return failure.kind === 'status' && (failure.status === 410 || failure.versionTooLarge)
}
