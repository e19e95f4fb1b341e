import type { FlowProtocol } from '../nftables/flow-record.ts'

/** A flow as agents tell of it, in canonical addresses; ages in seconds, since clocks of nodes differ. */
export interface SeenFlow {
  /** The node whose kernel noted it. */
  readonly node: string
  readonly source: string
  readonly destination: string
  readonly carries: FlowProtocol
  /** False: a packet without conntrack state, which may be somebody's answer. */
  readonly directed: boolean
  readonly packets: number
  /** Since its last packet. */
  readonly lastAge: number
  /** Since the agent has first found it noted: its first packet may be older. */
  readonly firstAge: number
}
