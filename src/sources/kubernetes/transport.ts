import type { IncomingMessage } from 'node:http'
import packageJson from '../../../package.json' with { type: 'json' }
import { awaitAnswer, NoAnswerError } from './await-answer.ts'
import { bodyPieces } from './body-pieces.ts'
import type { ClusterAccess } from './cluster-access.ts'
import { ClusterError } from './cluster-error.ts'
import { connectionFailure } from './connection-failure.ts'
import { type Connections, connectionIdentity, createConnections } from './create-connections.ts'
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
  close(): void
}

/** A server that fails may send any length of anything. */
const LONGEST_ERROR_BODY = 64 * 1024

const CONNECT_MILLISECONDS = 10_000

/** `keepAlive`: milliseconds, see Timings. */
export function createTransport(access: ClusterAccess, keepAlive: number): Transport {
  let current: { readonly identity: string; readonly connections: Connections } | undefined

  function connectionsTo(target: Target): Connections {
    const identity = connectionIdentity(target)
    if (current?.identity !== identity) {
      // Watches that run on the old certificate end by themselves within minutes.
      current?.connections.retire()
      current = { identity, connections: createConnections(target) }
    }
    return current.connections
  }

  return {
    async get(get) {
      const target = await unlessAborted(access.target(), get.signal)
      const { server } = target
      try {
        const request = connectionsTo(target).request(addressOf(server, get), {
          headers: { 'user-agent': `selvedge/${packageJson.version}`, accept: get.accept, ...target.headers },
          signal: get.signal,
        })
        request.setSocketKeepAlive(true, keepAlive)
        const response = await awaitAnswer(request, { connect: CONNECT_MILLISECONDS, headers: get.headersTimeout })
        const pieces = readBody(response, get, server.host)
        const { statusCode = 0, headers } = response
        if (statusCode === 200) return pieces
        throw readStatus(await readJson(pieces), statusCode, headers['retry-after'])
      } catch (error) {
        throw failure(error, get.signal, server.host)
      }
    },
    refresh: () => access.refresh(),
    close() {
      current?.connections.destroy()
      current = undefined
    },
  }
}

function addressOf(server: URL, { path, query }: GetRequest): URL {
  const address = new URL(server)
  address.pathname = `${server.pathname.replace(/\/$/, '')}${path}`
  address.search = new URLSearchParams(query).toString()
  return address
}

/** Errors of the reader pass through unchanged: they are not the cluster's. */
async function* readBody(
  response: IncomingMessage,
  { signal, bodyTimeout }: GetRequest,
  host: string,
): AsyncGenerator<Buffer> {
  const silence = setTimeout(() => response.destroy(new NoAnswerError('BODY_TIMEOUT')), bodyTimeout)
  const pieces = bodyPieces(response)
  try {
    while (true) {
      let piece: IteratorResult<Buffer>
      try {
        piece = await pieces.next()
      } catch (error) {
        throw failure(error, signal, host)
      }
      if (piece.done === true) return
      silence.refresh()
      yield piece.value
    }
  } finally {
    clearTimeout(silence)
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
