import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { HoldFlags } from './hold-options.ts'

/** What `selvedge agent` was told, as its options parse it; times in seconds. */
export interface AgentFlags extends Omit<RulesetOptions, 'serviceProxy'>, HoldFlags {
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
