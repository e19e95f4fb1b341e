import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import type { HoldFlags } from './hold-options.ts'

/** What `selvedge agent` was told, as its options parse it; times in seconds. */
export interface AgentFlags extends Omit<RulesetOptions, 'serviceProxy'>, HoldFlags, AuditOptions {
  readonly serviceProxy: RulesetOptions['serviceProxy'] | 'auto'
  readonly node?: string
  readonly filename?: readonly string[]
  readonly namespace: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly listen: string
  readonly socket: string
  readonly startJitter: number
  readonly verifyInterval: number
  readonly nftTimeout: number
}
