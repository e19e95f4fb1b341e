import { isFields } from '../../../compiler/objects/read-fields.ts'
import type { PodAnswer } from '../source.ts'
import { createAtMost } from './at-most.ts'
import { ClusterError } from './cluster-error.ts'
import { createDeadline } from './deadline.ts'
import { isCredentialFailure } from './describe-failure.ts'
import type { ObjectName } from './object-map.ts'
import { podNamed } from './resources.ts'
import type { Transport } from './transport.ts'

export interface AskForPodOptions {
  readonly transport: Transport
  readonly stop: AbortSignal
  /** A Pod of the API, whole. */
  readonly tell: (pod: unknown) => void
  /** Milliseconds until an answer begins, and of silence within it. */
  readonly timeout: number
}

/** So many questions run at once: a node that starts a hundred pods while its watch is cut must not be a flood. */
const MOST_AT_ONCE = 20
/** Far more than etcd takes for an object. */
const MOST_BYTES = 16 * 1024 * 1024
const ANSWER_MILLISECONDS = 5_000

/** Asks for a pod by its name, whatever its watch does. Rejects for a bug alone. */
export function createAskForPod(options: AskForPodOptions): (at: ObjectName) => Promise<PodAnswer> {
  const { transport, stop, tell } = options
  const timeout = Math.min(options.timeout, ANSWER_MILLISECONDS)
  const atMost = createAtMost(MOST_AT_ONCE)

  async function read(at: ObjectName): Promise<unknown> {
    const deadline = createDeadline(stop)
    try {
      const { path, acceptList } = podNamed(at)
      const request = { path, query: {}, accept: acceptList, signal: deadline.signal }
      const body = await transport.get({ ...request, headersTimeout: timeout, bodyTimeout: timeout })
      const pieces: Buffer[] = []
      let length = 0
      for await (const piece of body) {
        pieces.push(piece)
        length += piece.length
        if (length > MOST_BYTES) return undefined
      }
      return parseOrNothing(Buffer.concat(pieces).toString('utf8'))
    } finally {
      deadline.end()
    }
  }

  async function answer(at: ObjectName): Promise<PodAnswer> {
    try {
      const pod = await read(at)
      if (stop.aborted || !isFields(pod)) return 'failed'
      // The watch does not show it any more either (resources.ts).
      if (hasFinished(pod)) return 'none'
      tell(pod)
      return 'told'
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (error.failure.kind === 'status' && error.failure.status === 404) return 'none'
      if (isCredentialFailure(error)) transport.refresh()
      return 'failed'
    }
  }

  return (at) => atMost(() => answer(at))
}

function hasFinished({ status }: { readonly [field: string]: unknown }): boolean {
  return isFields(status) && (status['phase'] === 'Succeeded' || status['phase'] === 'Failed')
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
