import { formatBlock } from '../../compiler/addresses/format-block.ts'
import type { AgentOptions } from './agent-options.ts'
import type { HoldOptions } from './hold-options.ts'

/** The flags in force by name, as `status` shows them. */
export function shownOptions({ ruleset, ...options }: AgentOptions): Readonly<Record<string, string>> {
  return {
    ...options.sourceFlags,
    deny: ruleset.deny,
    established: ruleset.established,
    'bridge-local': ruleset.bridgeLocal,
    'service-proxy': ruleset.serviceProxy,
    ...shownHold(options.hold),
    ...(ruleset.observe ? { observe: 'true' } : {}),
    audit: options.audit.audit,
    ...(options.audit.readKubeRouterMonitor && { 'read-kube-router-monitor': 'true' }),
    'mark-mask': `0x${ruleset.markMask.toString(16).padStart(8, '0')}`,
    listen: options.listen,
    socket: options.socket,
    'verify-interval': String(options.verifyIntervalSeconds),
    'nft-timeout': String(options.nftTimeoutSeconds),
  }
}

/** Where it is off the rest means nothing; where nobody said so, `selvedge doctor` is to know that. */
function shownHold(hold: HoldOptions): Readonly<Record<string, string>> {
  const { mode, isTold, blocks, excepts, cacheFolder, openAfterSeconds, atBoot } = hold
  if (mode === 'off') return isTold ? { hold: mode } : {}
  return {
    hold: mode,
    ...(blocks.length === 0 ? {} : { 'hold-cidr': blocks.map(formatBlock).join(', ') }),
    ...(excepts.length === 0 ? {} : { 'hold-except': excepts.map(formatBlock).join(', ') }),
    'hold-open-after': openAfterSeconds === undefined ? 'never' : String(openAfterSeconds),
    ...(atBoot ? { 'hold-at-boot': 'true' } : {}),
    'cni-cache': cacheFolder,
  }
}
