import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as requestOver } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, makeCertificate } from '../../support/make-certificate.ts'
import { relayWatch, type WatchRelay } from './watch-relay.ts'

/** What becomes of a request instead of an answer by the API server. */
export type Fault =
  /** The connection breaks without a word. */
  | { readonly kind: 'cut' }
  /** It is taken, and never answered. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'answer'; readonly status: number; readonly reason: string; readonly retryAfterSeconds?: number }

export interface SeenRequest {
  readonly plural: string
  readonly verb: 'get' | 'list' | 'watch'
  /** Everything is wanted, not only what follows a version. */
  readonly whole: boolean
  readonly token: string
  /** Milliseconds of a clock that never jumps. */
  readonly at: number
}

export interface FaultProxy extends AsyncDisposable {
  /** The unix socket where it speaks TLS, as 127.0.0.1. */
  readonly path: string
  /** PEM of the CA that signed what it presents at first. */
  readonly ca: string
  /** All requests since the start, those that were refused too. */
  readonly requests: readonly SeenRequest[]
  /** Of which streams everything was wanted, in requests from this index on; nothing of it is due to a mere disconnect. */
  wholesSince(index: number): readonly string[]
  /** So many began since the start, whatever became of their handshakes. */
  connections(): number
  /** Asked about each request from now on; undefined lets it pass. */
  treat(decide: (request: SeenRequest) => Fault | undefined): void
  /** Watches that are open now, through and through. */
  watches(plural?: string): readonly WatchRelay[]
  /** Breaks everything that is open. */
  cut(): void
  /** Another certificate in place of its own, or its own again; what is open breaks. */
  present(certificate?: Certificate): void
}

export interface Upstream {
  readonly url: string
  /** PEM */
  readonly ca: string
}

/** Starts a proxy before a real API server, which lets everything pass until it is told otherwise. */
export async function startFaultProxy(upstream: Upstream): Promise<FaultProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-faults-'))
  const path = join(folder, 's')
  const ca = makeCertificate({ commonName: 'proxy-ca' })
  const issuer = { commonName: 'proxy-ca', key: ca.key }
  const own = makeCertificate({ commonName: 'proxy', address: '127.0.0.1', issuer })
  const requests: SeenRequest[] = []
  const open = new Set<WatchRelay>()
  let connections = 0
  let decide: (request: SeenRequest) => Fault | undefined = () => undefined

  const server = createServer({ cert: own.certificate, key: own.key }, (request, response) => {
    const seen = see(request)
    requests.push(seen)
    const fault = decide(seen)
    if (fault === undefined) pass(request, response, seen)
    else fail(response, fault)
  })
  server.on('connection', () => {
    connections += 1
  })
  // A client that does not like our certificate.
  server.on('tlsClientError', () => {})
  server.keepAliveTimeout = 60_000

  function pass(request: IncomingMessage, response: ServerResponse, { plural, verb }: SeenRequest): void {
    const { host: _, ...headers } = request.headers
    const onwards = requestOver(`${upstream.url}${request.url}`, { ca: upstream.ca, headers, agent: false })
    onwards.on('error', () => response.destroy())
    response.on('error', () => onwards.destroy())
    response.on('close', () => onwards.destroy())
    onwards.on('response', (answer) => {
      const { connection: __, 'transfer-encoding': ___, ...answerHeaders } = answer.headers
      response.writeHead(answer.statusCode ?? 502, answerHeaders)
      response.flushHeaders()
      if (verb !== 'watch' || answer.statusCode !== 200) {
        answer.on('error', () => response.destroy())
        answer.pipe(response)
        return
      }
      const relay = relayWatch(plural, answer, response)
      open.add(relay)
      response.on('close', () => open.delete(relay))
    })
    onwards.end()
  }

  server.listen(path)
  await once(server, 'listening')
  const cut = (): void => server.closeAllConnections()
  return {
    path,
    ca: ca.certificate,
    requests,
    wholesSince: (index) => requests.slice(index).flatMap(({ whole, plural }) => (whole ? [plural] : [])),
    connections: () => connections,
    treat(next) {
      decide = next
    },
    watches: (plural) => [...open].filter((relay) => plural === undefined || relay.plural === plural),
    cut,
    present({ certificate, key } = own) {
      server.setSecureContext({ cert: certificate, key })
      cut()
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function see(request: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(request.url ?? '', 'https://proxy')
  const [, ofOne] = /\/namespaces\/[^/]+\/([^/]+)\/[^/]+$/.exec(pathname) ?? []
  const verb = searchParams.has('watch') ? 'watch' : ofOne === undefined ? 'list' : 'get'
  return {
    plural: ofOne ?? pathname.split('/').at(-1) ?? '',
    verb,
    whole: verb === 'list' || searchParams.get('sendInitialEvents') === 'true',
    token: (request.headers.authorization ?? '').replace('Bearer ', ''),
    at: performance.now(),
  }
}

function fail(response: ServerResponse, fault: Fault): void {
  switch (fault.kind) {
    case 'cut':
      response.destroy()
      return
    case 'hang':
      return
    case 'answer': {
      const { status, reason, retryAfterSeconds } = fault
      const after = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
      response.writeHead(status, { 'content-type': 'application/json', ...after })
      response.end(JSON.stringify(statusOf(status, reason)))
    }
  }
}

/** What the API server puts into the body of a refusal, and into an ERROR event. */
export function statusOf(code: number, reason: string): object {
  const message = `made up: ${reason}`
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
}
