import { isIP, isIPv6 } from 'node:net'

export const DEFAULT_LISTEN = '127.0.0.1:9753'

export interface ListenAddress {
  /** An address literal; undefined: every address of the machine. */
  readonly host: string | undefined
  /** 0: any free one. */
  readonly port: number
}

/** What `--listen` says: `127.0.0.1:9753`, `[::1]:9753`, `:9753` for every address; undefined when it is none of them. */
export function parseListen(text: string): ListenAddress | undefined {
  const found = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  if (found === null) return undefined
  const [, bracketed, plain, digits] = found
  const port = Number(digits)
  if (port > 65535) return undefined
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined
  if (plain === '') return { host: undefined, port }
  if (plain === 'localhost') return { host: '127.0.0.1', port }
  return plain !== undefined && isIP(plain) === 4 ? { host: plain, port } : undefined
}

/** The form that parseListen reads. */
export function formatListen({ host, port }: ListenAddress): string {
  if (host === undefined) return `:${port}`
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
