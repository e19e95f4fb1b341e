import type { AgentOptions } from './agent-options.ts'

/** The flags in force by name, as `status` shows them. */
export function shownOptions({ ruleset, ...options }: AgentOptions): Readonly<Record<string, string>> {
  return {
    ...options.sourceFlags,
    deny: ruleset.deny,
    established: ruleset.established,
    'bridge-local': ruleset.bridgeLocal,
    'service-proxy': ruleset.serviceProxy,
    'mark-mask': `0x${ruleset.markMask.toString(16).padStart(8, '0')}`,
    listen: options.listen,
    socket: options.socket,
    'verify-interval': String(options.verifyIntervalSeconds),
    'nft-timeout': String(options.nftTimeoutSeconds),
  }
}
