import type { ClusterError } from './cluster-error.ts'

/**
 * After a failure to stream the initial events: is it worth asking for a list instead? Yes when the server answered with an
 * error. No when there was no answer, when it does not know us (401) or has too much to do (429): a list would fare no
 * better.
 */
export function mayList(error: ClusterError): boolean {
  if (isWithoutInitialEvents(error)) return true
  return error.failure.kind === 'status' && ![401, 429].includes(error.failure.status)
}

/** Whether it will be the same next time: the server refuses the request, or lets it hang without the final bookmark. */
export function isWithoutInitialEvents({ failure }: ClusterError): boolean {
  if (failure.kind === 'connection') return failure.code === 'no-initial-end'
  return (
    failure.kind === 'status' &&
    failure.status >= 400 &&
    failure.status < 500 &&
    // 403 is also what a server answers that has just begun and does not know its roles yet.
    ![401, 403, 410, 429].includes(failure.status)
  )
}
