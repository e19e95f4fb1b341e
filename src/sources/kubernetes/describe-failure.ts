import { type ClusterError, isVersionLost } from './cluster-error.ts'
import type { Resource } from './resources.ts'

export type Verb = 'list' | 'watch'

/** Why a kind is not up to date, with the cure where there is one; on one line. */
export function describeFailure(error: ClusterError, resource: Resource, verb: Verb): string {
  const { failure } = error
  if (failure.kind !== 'status') return error.message
  const group = resource.group === '' ? '' : `.${resource.group}`
  switch (failure.status) {
    case 401:
      return `${error.message}; the API server does not know who is asking: renew the token or the certificate`
    case 403:
      return `${error.message}; grant the verb "${verb}" on ${resource.plural}${group} in a ClusterRole`
    default:
      return isVersionLost(error) ? 'listing anew: the API server no longer has the last version' : error.message
  }
}

/** As a label of a metric: few, stable, kebab-case. */
export function failureReason({ failure }: ClusterError): string {
  switch (failure.kind) {
    case 'config':
      return 'config'
    case 'connection':
      return failure.code
    case 'status':
      return `status-${failure.status}`
  }
}

/** Asking again as we are will not help; the credentials on disk may have changed. */
export function isCredentialFailure({ failure }: ClusterError): boolean {
  return failure.kind === 'status'
    ? failure.status === 401
    : failure.kind === 'connection' && failure.code === 'certificate'
}
