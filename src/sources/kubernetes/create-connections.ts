import type { Agent, ClientRequest, RequestOptions } from 'node:http'
import { ClusterError } from './cluster-error.ts'
import type { Target } from './target.ts'

// Importing http would load all that it exports, a WebSocket client too: 5 MiB of resident memory.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

/** Connections to one target, kept while requests follow each other; HTTP/1.1, hence one a watch. */
export interface Connections {
  /** For a client that makes requests of its own, of upgrades say. */
  readonly agent: Agent
  request(url: URL, options: RequestOptions): ClientRequest
  /** What runs goes on, and its connection ends with it. */
  retire(): void
  /** Cuts all of them. */
  destroy(): void
}

/**
 * By Node's own client: undici costs 18 MiB of resident memory more (one TLS connection each, measured). Over HTTP/2 a stalled
 * stream would hold up the other watches, and a dead peer all of them.
 */
export function createConnections({ server, tls, proxy }: Target): Connections {
  if (proxy !== undefined && !/^https?:/.test(proxy)) {
    throw new ClusterError(
      { kind: 'config' },
      `proxy-url ${proxy} of ${server.host}: only http and https are supported`,
    )
  }
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
  const through = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }
  const options = { keepAlive: true, ...through }
  const secure = server.protocol === 'https:'
  const agent = secure ? new https.Agent({ ...options, ...given }) : new http.Agent(options)
  const request = secure ? https.request : http.request
  return {
    agent,
    request: (url, more) => request(url, { ...more, agent }),
    retire() {
      agent.maxFreeSockets = 0
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
    destroy: () => agent.destroy(),
  }
}

/** Two targets with one identity can share connections. */
export function connectionIdentity({ server, tls, proxy }: Target): string {
  const values = [tls.ca, tls.cert, tls.key].map((value) => (value === undefined ? '' : value.toString('base64')))
  return JSON.stringify([server.origin, proxy, tls.servername, tls.rejectUnauthorized, ...values])
}
