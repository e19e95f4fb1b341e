import { printable } from '../../../compiler/objects/quote.ts'
import { ClusterError } from './cluster-error.ts'

/** What Node, OpenSSL and we ourselves call the ways in which there is no answer: our code for it, and words. */
const KNOWN: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ECONNREFUSED: ['refused', 'nothing listens there'],
  ECONNRESET: ['reset', 'the connection was cut'],
  EPIPE: ['reset', 'the connection was cut'],
  ETIMEDOUT: ['timeout', 'the peer does not answer any more'],
  EHOSTUNREACH: ['unreachable', 'there is no route to it'],
  ENETUNREACH: ['unreachable', 'there is no route to it'],
  ENOTFOUND: ['name', 'its name cannot be resolved'],
  EAI_AGAIN: ['name', 'its name cannot be resolved now'],
  CONNECT_TIMEOUT: ['timeout', 'it does not accept the connection in time'],
  HEADERS_TIMEOUT: ['timeout', 'it does not answer in time'],
  BODY_TIMEOUT: ['silent', 'it has stopped sending'],
  HPE_INVALID_EOF_STATE: ['reset', 'the answer was cut'],
}

/** Whatever a request or the reading of its body threw, as a ClusterError. */
export function connectionFailure(error: unknown, host: string): ClusterError {
  if (error instanceof ClusterError) return error
  const deepest = deepestCause(error)
  const { code: given } = (deepest ?? {}) as { readonly code?: unknown }
  const name = typeof given === 'string' ? given : ''
  const known = KNOWN[name]
  const text = deepest instanceof Error ? deepest.message : String(deepest)
  const [code, words] = known ?? [isCertificateProblem(name) ? 'certificate' : 'other', printable(text)]
  return new ClusterError({ kind: 'connection', code }, `${host}: ${words}`, { cause: error })
}

/** Node wraps; AggregateError is what connecting to a name with several addresses gives. */
function deepestCause(error: unknown): unknown {
  let deepest = error
  for (let depth = 0; depth < 5; depth += 1) {
    if (deepest instanceof AggregateError && deepest.errors.length > 0) deepest = deepest.errors[0]
    else if (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause
    else break
  }
  return deepest
}

function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code)
}
