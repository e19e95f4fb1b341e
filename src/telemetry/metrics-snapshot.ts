import type { Fate } from '../../compiler/nftables/recorded-sets.ts'
import type { StreamStatus } from '../sources/source.ts'
import type { PendingEvents, PolicyState, RulesetCounts } from './agent-status.ts'
import type { Reason } from './readiness.ts'

/** Flows of one fate. */
export interface NotedFlows {
  readonly fate: Fate
  readonly flows: number
  /** Packets that none of them counts; undefined where it was not read. */
  readonly unnoted: number | undefined
  /** Sources with so many flows that they are one row. */
  readonly sources: number
}

/** Packets to or from the pods of one namespace; they never become fewer. */
export interface OfNamespace {
  readonly namespace: string
  readonly direction: 'ingress' | 'egress'
  readonly packets: number
}

/** What the gauges show: the agent as it is when somebody asks. Cheap to make, since it is made for every scrape. */
export interface MetricsSnapshot {
  readonly ready: boolean
  readonly reasons: readonly Reason[]
  readonly streams: readonly StreamStatus[]
  /** Objects that the engine holds, by kind. */
  readonly objects: Readonly<Record<string, number>>
  readonly counts: RulesetCounts
  /** Undefined before the first application. */
  readonly generation: number | undefined
  /** Pods of this node that a policy isolates, by direction. */
  readonly isolatedPods: { readonly ingress: number; readonly egress: number }
  /** Policies that select a pod of this node, and all that are not enforced as written, by state. */
  readonly policies: Readonly<Record<PolicyState, number>>
  /** The policies behind `closed`, by name; only the first hundred become series. */
  readonly failingPolicies: readonly { readonly policy: string; readonly state: PolicyState }[]
  /** The last resourceVersion, by stream, of which everything is in the kernel: 'is it enforced yet?' */
  readonly appliedVersions: Readonly<Record<string, string>>
  readonly pending: PendingEvents
  /** Milliseconds since the epoch; undefined before the first application. */
  readonly lastAppliedAt: number | undefined
  /** Objects and files that cannot be used as they are. */
  readonly problems: number
  readonly findings: readonly { readonly id: string; readonly severity: string }[]
  /** As the kernel counts them; undefined where it was not read. */
  readonly deniedPackets: { readonly policy: number; readonly stray: number } | undefined
  /** Packets that policies denied to or from pods of a namespace: sums that never go down, in the order in which they came. */
  readonly deniedByNamespace: readonly OfNamespace[]
  /** What has passed to or from pods of a namespace and audited policies would have denied: the same kind of sums. */
  readonly wouldDenyByNamespace: readonly OfNamespace[]
  /** What the kernel's sets held when they were last looked at; of allowed flows only where they are observed. */
  readonly notedFlows: readonly NotedFlows[]
  /** Addresses that the runtime has given to pods and that pass nothing yet. */
  readonly heldAddresses: number
  /** As the kernel counts them; undefined where it was not read, as where nothing is held. */
  readonly heldPackets: number | undefined
  readonly logLinesLost: number
}
