import type { FoldedFlows, SeenFlow } from '../../compiler/flows/seen-flow.ts'
import type { Direction } from '../../compiler/objects/direction.ts'

/** What the kernel of a node has noted of denied packets: plain JSON, addresses only. It goes over the status socket. */
export interface AgentDenied {
  /** The agent's version. */
  readonly version: string
  readonly node: string
  /** RFC 3339 in UTC, by the clock of the node. */
  readonly at: string
  /** Since then nothing is missing: since the agent looks, or a table was lost before it could be read. */
  readonly since: string
  readonly flows: readonly SeenFlow[]
  /** Sources with too many flows to be kept one by one; of an agent of an older version not there. */
  readonly folded?: readonly FoldedFlows[] | undefined
  /** Every denied packet of an isolated pod, flows for which no set had room among them; but those without conntrack state. */
  readonly totals: readonly { readonly address: string; readonly direction: Direction; readonly packets: number }[]
  /** A set has no room for further flows until some are an hour old. */
  readonly full: boolean
}
