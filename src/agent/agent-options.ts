import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import type { Source } from '../sources/source.ts'
import type { Log } from '../telemetry/log.ts'
import type { HoldOptions } from './hold-options.ts'

/** What an agent is to do, and with what. */
export interface AgentOptions {
  readonly node: string
  readonly source: Source
  readonly ruleset: RulesetOptions
  /** How Services are carried was found out at the start, not told. */
  readonly serviceProxyFound: boolean
  readonly hold: HoldOptions
  readonly audit: AuditOptions
  readonly listen: string
  readonly socket: string
  readonly verifyIntervalSeconds: number
  /** After so long a run of nft is ended, and what stands is not known. */
  readonly nftTimeoutSeconds: number
  /** Flags of the source, by name, for `status`. */
  readonly sourceFlags: Readonly<Record<string, string>>
  readonly log: Log & { linesLost(): number }
  /** Ends the agent; the table stays. */
  readonly signal: AbortSignal
}
