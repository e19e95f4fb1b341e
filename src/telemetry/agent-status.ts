import type { StreamStatus } from '../sources/source.ts'
import type { Reason } from './readiness.ts'

/**
 * Everything that the agent of a node can say about itself: plain JSON, made at one instant. It goes over the status
 * socket to `selvedge status`, which shows it (src/views/status-text.ts) or hands it on (`-o json`). Instants are
 * RFC 3339 in UTC, names are `namespace/name`.
 */
export interface AgentStatus {
  /** The agent's version. */
  readonly version: string
  readonly node: string
  readonly pid: number
  /** When the agent started. */
  readonly since: string
  /** When this status was made: what ages are counted from. */
  readonly at: string
  readonly ready: boolean
  /** Why not ready; empty when it is. */
  readonly reasons: readonly Reason[]
  readonly streams: readonly AgentStream[]
  /** What this agent enforces; missing before its first application. What another agent left stands all the same. */
  readonly enforced?: Enforced | undefined
  readonly counts: RulesetCounts
  readonly lastApply?: LastApply | undefined
  readonly pending: PendingEvents
  /** Since the start: how often the kernel's table was not what it should be, by the class of what was repaired. */
  readonly driftRepairs: Readonly<Record<string, number>>
  /** Commits of others to our table that were seen since the start. */
  readonly foreignCommits: number
  /** Objects and files that cannot be used as they are, and preflight findings that do not stand in the way. */
  readonly problems: readonly StatusProblem[]
  /** Addresses that the runtime has given to pods, and that pass nothing yet. */
  readonly held: readonly HeldStatus[]
  /** The flags in force, by name: `{ deny: 'drop', 'mark-mask': '0xfff00000' }`. */
  readonly options: Readonly<Record<string, string>>
}

export interface AgentStream extends StreamStatus {
  /**
   * The last resourceVersion of which everything is in the kernel, beside `resourceVersion`, the last one seen; missing
   * before the first application, and where there are no versions.
   */
  readonly appliedVersion?: string | undefined
}

export interface Enforced {
  /** Since when, without a break, what the kernel enforces is what this agent last knew. */
  readonly since: string
  /** The number that judged flows carry in their conntrack mark. */
  readonly generation: number
  /** A digest of the ruleset less its generation: equal digests, equal rulesets. */
  readonly digest: string
  readonly policies: readonly EnforcedPolicy[]
  readonly pods: readonly IsolatedPod[]
}

/** `closed`: a direction could not be compiled, and its pods get nothing there. `audited`: it isolates nobody and grants nothing. */
export type PolicyState = 'enforced' | 'closed' | 'audited'

export const POLICY_STATES: readonly PolicyState[] = ['enforced', 'closed', 'audited']

export interface EnforcedPolicy {
  readonly policy: string
  /** The pods of this node that it selects. */
  readonly selects: readonly string[]
  readonly state: PolicyState
  /** Why it is not enforced as written. */
  readonly reason?: string | undefined
  readonly resourceVersion?: string | undefined
}

/** A pod of this node that some policy selects. */
export interface IsolatedPod {
  readonly pod: string
  readonly addresses: readonly string[]
  readonly ingress: 'open' | 'isolated'
  readonly egress: 'open' | 'isolated'
  /** The policies that select it. */
  readonly policies: readonly string[]
}

export interface HeldStatus {
  readonly address: string
  /** `namespace/name`, as the runtime says it. */
  readonly pod: string
  /** Since the runtime noted it. */
  readonly seconds: number
  readonly why: string
}

/** The size of our table. */
export interface RulesetCounts {
  readonly sets: number
  readonly elements: number
  readonly chains: number
}

export interface LastApply {
  readonly at: string
  readonly durationMilliseconds: number
  readonly transactions: number
  readonly bytes: number
  /** `ok`, or why it failed: the kind of nft's error, or words. */
  readonly result: string
}

/** Events that came and are not in the kernel yet. */
export interface PendingEvents {
  readonly events: number
  /** How long the oldest of them waits; 0 when there is none. */
  readonly oldestMilliseconds: number
}

export interface StatusProblem {
  /** The object (`NetworkPolicy shop/db`), file or finding that it is about. */
  readonly of: string
  readonly problem: string
  /** What to do; empty when the problem says it all. */
  readonly hint: string
}
