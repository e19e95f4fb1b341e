import { spawnSync } from 'node:child_process'
import { findProgram } from './find-program.ts'

/** A port of this machine on which nothing listens: what goes through it fails at once. */
const NO_PROXY_HERE = 'http://127.0.0.1:9'

/** What leads programs that ask for a proxy into nothing; they ask none for what listens on this machine. */
export const NO_WAY_OUT = { HTTP_PROXY: NO_PROXY_HERE, HTTPS_PROXY: NO_PROXY_HERE } as const

const PLACES_OF_UNSHARE = '/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin'
/** A user namespace first, which whoever is not root needs to make the other. */
const NAMESPACES = ['--user', '--map-root-user', '--net', '--'] as const

let prefix: readonly string[] | undefined

/**
 * A command that runs this one in a network namespace of its own, where not even the loopback is up; the same command where this
 * machine does not let us.
 */
export function withoutNetwork(command: readonly string[]): readonly string[] {
  return [...prefixOnce(), ...command]
}

/** Does this machine let us? */
export function isNetworkTakenAway(): boolean {
  return prefixOnce().length > 0
}

function prefixOnce(): readonly string[] {
  prefix ??= prefixHere()
  return prefix
}

function prefixHere(): readonly string[] {
  const unshare = findProgram('unshare', PLACES_OF_UNSHARE)
  if (unshare === undefined) return []
  const { status } = spawnSync(unshare, [...NAMESPACES, unshare, '--version'], { stdio: 'ignore', timeout: 5_000 })
  return status === 0 ? [unshare, ...NAMESPACES] : []
}
