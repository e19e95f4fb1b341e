import type { FoldedFlows, NotedFlow } from '../../compiler/flows/seen-flow.ts'
import type { Fate } from '../../compiler/nftables/recorded-sets.ts'
import type { AgentDenied } from './agent-denied.ts'

/** All that the kernel of a node has noted of packets: plain JSON, addresses only. It goes over the status socket. */
export interface AgentFlows extends Pick<AgentDenied, 'version' | 'node' | 'at' | 'since' | 'totals'> {
  /** Allowed connections are noted too (`--observe`): one packet each, and one more whenever they are judged again. */
  readonly observes: boolean
  readonly flows: readonly NotedFlow[]
  readonly folded: readonly FoldedFlows[]
  /** Packets that no flow counts, since the table stands: of each isolated pod, and of all that was allowed (null: not known). */
  readonly lost: {
    readonly denied: readonly { readonly address: string; readonly packets: number }[]
    readonly allowed: number | null
  }
  /** Of what kind no further flow has room, until some are forgotten. */
  readonly full: readonly Fate[]
}
