import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { Target } from './target.ts'
import { ClusterError } from './cluster-error.ts'

/**
 * One connection a watch (HTTP/1.1): over HTTP/2 a stalled stream would hold up the others, and a dead peer all of them.
 * `keepAlive`: milliseconds of idleness before the kernel probes whether the peer still lives.
 */
export function createDispatcher({ server, tls, proxy }: Target, keepAlive: number): Dispatcher {
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
  const connect = { ...given, allowH2: false, keepAlive: true, keepAliveInitialDelay: keepAlive, timeout: 10_000 }
  if (proxy === undefined) return new Agent({ allowH2: false, connect })
  if (!/^https?:/.test(proxy)) {
    throw new ClusterError(
      { kind: 'config' },
      `proxy-url ${proxy} of ${server.host}: only http and https are supported`,
    )
  }
  return new ProxyAgent({ uri: proxy, allowH2: false, requestTls: connect })
}

/** Two targets with one identity can share connections. */
export function connectionIdentity({ server, tls, proxy }: Target): string {
  const values = [tls.ca, tls.cert, tls.key].map((value) => (value === undefined ? '' : value.toString('base64')))
  return JSON.stringify([server.origin, proxy, tls.servername, tls.rejectUnauthorized, ...values])
}
