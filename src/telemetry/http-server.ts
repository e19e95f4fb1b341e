import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { formatListen, parseListen } from './listen-address.ts'
import { ListenError, listenError } from './listen-error.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Health, Readiness } from './readiness.ts'
import { DEFAULT_LISTEN } from './listen-address.ts'

export { DEFAULT_LISTEN } from './listen-address.ts'

// Importing it would load all that it exports, a WebSocket client too: 5 MiB of resident memory.
const { createServer } = process.getBuiltinModule('node:http')

export interface HttpServerOptions {
  /** `127.0.0.1:9753`, `[::1]:9753`, `:9753`. */
  readonly listen?: string | undefined
  readonly metrics: Pick<Metrics, 'contentType' | 'exposition'>
  readonly health: () => Health
  readonly ready: () => Readiness
  readonly log?: Log | undefined
  readonly limits?: Partial<HttpLimits> | undefined
}

/** Whoever reaches the port gets little of the node: few connections, short ones, small requests. */
export interface HttpLimits {
  readonly connections: number
  readonly requestsPerConnection: number
  readonly headerBytes: number
  /** For a request to be there whole. */
  readonly requestMilliseconds: number
  /** For a connection on which nothing moves, in either direction. */
  readonly idleMilliseconds: number
}

export interface HttpServer {
  /** Where it listens, with the port that a 0 became. */
  readonly address: string
  /** Ends it and every connection. */
  close(): Promise<void>
}

export const HTTP_LIMITS: HttpLimits = {
  connections: 64,
  requestsPerConnection: 100,
  headerBytes: 8 * 1024,
  requestMilliseconds: 5_000,
  idleMilliseconds: 10_000,
}

/**
 * Serves /metrics, /healthz and /readyz, to GET and HEAD, and nothing else.
 *
 * @throws {ListenError} when it cannot listen there.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { listen = DEFAULT_LISTEN, log } = options
  const address = parseListen(listen)
  if (address === undefined) throw new ListenError('not an address', listen)
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const respond = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response, options)
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestMilliseconds,
      // For the headers too; looked at as often, so that the slowest ends after twice that time. Node looks whether anybody is there or not.
      connectionsCheckingInterval: limits.requestMilliseconds,
      keepAliveTimeout: limits.idleMilliseconds,
    },
    respond,
  )
  server.maxConnections = limits.connections
  server.maxRequestsPerSocket = limits.requestsPerConnection
  // Keep-alive aside: a reader that does not read ends here.
  server.setTimeout(limits.idleMilliseconds)
  // `Expect: 100-continue` announces a body; it is never asked for.
  server.on('checkContinue', respond)
  await listening(server, listen, address.host, address.port)
  server.on('error', (err) => log?.warn('the HTTP server had an error', { err }))
  return {
    address: formatListen({ host: address.host, port: portOf(server) }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, health, ready, log }: HttpServerOptions,
): Promise<void> {
  const path = (request.url ?? '').replace(/\?.*$/s, '')
  const withBody = hasBody(request)
  // Ending the connection is how a body goes unread.
  if (withBody) response.setHeader('Connection', 'close')
  if (path !== '/metrics' && path !== '/healthz' && path !== '/readyz') {
    return send(response, 404, TEXT, 'not found; there are /metrics, /healthz and /readyz\n')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return send(response, 405, TEXT, 'only GET and HEAD\n')
  }
  if (withBody) return send(response, 413, TEXT, 'no body is welcome here\n')
  try {
    switch (path) {
      case '/metrics':
        return send(response, 200, metrics.contentType, await metrics.exposition())
      case '/healthz': {
        const body = health()
        return send(response, body.healthy ? 200 : 503, JSON_TYPE, `${JSON.stringify(body)}\n`)
      }
      case '/readyz': {
        const body = ready()
        return send(response, body.ready ? 200 : 503, JSON_TYPE, `${JSON.stringify(body)}\n`)
      }
    }
  } catch (err) {
    // A bug of ours, but not one for which to end enforcement.
    log?.error(`cannot answer ${path}`, { err })
    return send(response, 500, TEXT, 'the agent could not make the answer; its log says why\n')
  }
}

const TEXT = 'text/plain; charset=utf-8'
const JSON_TYPE = 'application/json'

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(body)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

function listening(server: Server, listen: string, host: string | undefined, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(listenError(listen, error))
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.removeListener('error', failed)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
