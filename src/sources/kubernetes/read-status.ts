import { printable } from '../../../compiler/objects/quote.ts'
import { isFields } from '../../../compiler/objects/read-fields.ts'
import { ClusterError } from './cluster-error.ts'

/** More than this and a server's Retry-After is taken for a mistake: policy must not stay old for so long. */
const LONGEST_RETRY_AFTER = 120_000

/**
 * A metav1.Status, from an answer's body or from an ERROR event, as an error. It may be anything, a proxy's page of HTML
 * as well; `status` is the HTTP status, and the fallback for the code of an event.
 */
export function readStatus(value: unknown, status: number, retryAfter?: string): ClusterError {
  const fields = isFields(value) && value['kind'] === 'Status' ? value : {}
  const details = isFields(fields['details']) ? fields['details'] : {}
  const causes: readonly unknown[] = Array.isArray(details['causes']) ? details['causes'] : []
  const code = typeof fields['code'] === 'number' && fields['code'] >= 400 ? fields['code'] : status
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : ''
  const seconds = Number(retryAfter ?? details['retryAfterSeconds'])
  const message = typeof fields['message'] === 'string' ? `: ${printable(fields['message'])}` : ''
  return new ClusterError(
    {
      kind: 'status',
      status: code,
      reason,
      retryAfterMilliseconds: seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER) : 0,
      versionTooLarge: causes.some((cause) => isFields(cause) && cause['reason'] === 'ResourceVersionTooLarge'),
    },
    `the API server answers ${code}${message}`,
  )
}
