import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import type { FlowProtocol } from '../../compiler/nftables/flow-record.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import type { Direction } from '../../compiler/objects/direction.ts'

/** What the agent of a node knows of policies that are only audited: plain JSON. It goes over the status socket. */
export interface AgentAudit {
  /** The agent's version. */
  readonly version: string
  readonly node: string
  /** RFC 3339 in UTC, by the clock of the node. */
  readonly at: string
  /** `keep`: connections that were there before are never judged. */
  readonly established: 'rejudge' | 'keep'
  readonly window: AuditWindow
  /** All of the cluster. */
  readonly policies: readonly AuditedPolicy[]
  /** Each rule of those: what it grants was asked, and counted, as if it were enforced. An older agent does not tell it. */
  readonly rules?: readonly RuleUse[] | undefined
  /** What passes, and would be denied. */
  readonly denies: readonly WouldRow[]
  /** What is denied, and would pass. */
  readonly opens: readonly WouldRow[]
  /** What else the first isolated pod of this node would cost, in packets since the sets stand. */
  readonly strays: Strays
}

/** Over which time nothing is missing. */
export interface AuditWindow {
  /** Null: it has not begun, for the reason that follows. */
  readonly since: string | null
  /** Seconds. */
  readonly age: number
  /** Why it did not begin earlier. */
  readonly because: string
}

export interface AuditedPolicy {
  /** `namespace/name` */
  readonly policy: string
  /** A name made from what it says: equal on all nodes that hold the same text of it. An older agent does not tell it. */
  readonly content?: string | undefined
  /** Since when it stands as it is in this kernel; null: not yet. */
  readonly since: string | null
  readonly age: number
  /** Pods of this node that it selects. */
  readonly pods: number
  /** Why nobody can say what it would deny; empty: it could be compiled. */
  readonly problem: string
}

export interface WouldRow {
  readonly node: string
  readonly from: FlowEnd
  readonly to: FlowEnd
  readonly carries: FlowProtocol
  readonly direction: Direction
  /** The audited policies that make the difference. */
  readonly policies: readonly string[]
  readonly packets: number
  /** Seconds since its last packet, and since the agent first knew of it. */
  readonly lastAge: number
  readonly firstAge: number
  /** `late answer`: probably no connection of anybody's. `direction unknown`: it has no conntrack state, and may be an answer. */
  readonly doubt: 'none' | 'late answer' | 'direction unknown'
}

export interface Strays {
  /** Invalid packets of addresses that only audited policies select. */
  readonly invalid: number
  /** Null: they are refused already, or pass anyway. */
  readonly bridgeLocal: number | null
}
