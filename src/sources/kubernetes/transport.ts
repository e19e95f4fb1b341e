import type { Dispatcher } from 'undici'
import packageJson from '../../../package.json' with { type: 'json' }
import type { ClusterAccess } from './cluster-access.ts'
import { ClusterError } from './cluster-error.ts'
import { connectionFailure } from './connection-failure.ts'
import { connectionIdentity, createDispatcher } from './create-dispatcher.ts'
import { readStatus } from './read-status.ts'
import type { Target } from './target.ts'

export interface GetRequest {
  /** From /api or /apis on. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly accept: string
  /** Its reason is what the request ends with, if that is a ClusterError. */
  readonly signal: AbortSignal
  /** Milliseconds until the answer begins; milliseconds of silence after that. */
  readonly headersTimeout: number
  readonly bodyTimeout: number
}

/** The only thing that talks to the API server; one for all kinds. */
export interface Transport {
  /** The body of a 200, piece by piece; the request ends when the reader does. Every error is a ClusterError. */
  get(request: GetRequest): Promise<AsyncIterable<Buffer>>
  /** Credentials were refused: read them anew before the next request. */
  refresh(): void
  /** Cuts what still runs. */
  close(): Promise<void>
}

/** A server that fails may send any length of anything. */
const LONGEST_ERROR_BODY = 64 * 1024

/** `keepAlive`: milliseconds, see Timings. */
export function createTransport(access: ClusterAccess, keepAlive: number): Transport {
  let current: { readonly identity: string; readonly dispatcher: Dispatcher } | undefined

  function dispatcherFor(target: Target): Dispatcher {
    const identity = connectionIdentity(target)
    if (current?.identity !== identity) {
      // Watches that run on the old certificate end by themselves within minutes.
      void current?.dispatcher.close().catch(() => undefined)
      current = { identity, dispatcher: createDispatcher(target, keepAlive) }
    }
    return current.dispatcher
  }

  return {
    async get(request) {
      const target = await unlessAborted(access.target(), request.signal)
      const { server } = target
      try {
        const { statusCode, headers, body } = await dispatcherFor(target).request({
          origin: server.origin,
          path: `${server.pathname.replace(/\/$/, '')}${request.path}?${new URLSearchParams(request.query).toString()}`,
          method: 'GET',
          headers: { 'user-agent': `selvedge/${packageJson.version}`, accept: request.accept, ...target.headers },
          signal: request.signal,
          headersTimeout: request.headersTimeout,
          bodyTimeout: request.bodyTimeout,
        })
        const pieces = readBody(body, request.signal, server.host)
        if (statusCode === 200) return pieces
        const retryAfter = headers['retry-after']
        throw readStatus(await readJson(pieces), statusCode, typeof retryAfter === 'string' ? retryAfter : undefined)
      } catch (error) {
        throw failure(error, request.signal, server.host)
      }
    },
    refresh: () => access.refresh(),
    async close() {
      await current?.dispatcher.destroy()
      current = undefined
    },
  }
}

/** Errors of the reader pass through unchanged: they are not the cluster's. */
async function* readBody(body: AsyncIterable<unknown>, signal: AbortSignal, host: string): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]()
  try {
    while (true) {
      let piece: IteratorResult<unknown>
      try {
        piece = await pieces.next()
      } catch (error) {
        throw failure(error, signal, host)
      }
      if (piece.done === true) return
      yield piece.value as Buffer
    }
  } finally {
    await pieces.return?.()
  }
}

/** A credential plugin may never come back; whoever stops must not wait for it. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(failure(signal.reason, signal, ''))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function failure(error: unknown, signal: AbortSignal, host: string): ClusterError {
  const reason: unknown = signal.reason
  return signal.aborted && reason instanceof ClusterError ? reason : connectionFailure(error, host)
}

async function readJson(pieces: AsyncIterable<Buffer>): Promise<unknown> {
  const read: Buffer[] = []
  let length = 0
  for await (const piece of pieces) {
    read.push(piece)
    length += piece.length
    if (length > LONGEST_ERROR_BODY) break
  }
  try {
    return JSON.parse(Buffer.concat(read).toString('utf8'))
  } catch {
    return undefined
  }
}
