import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Direction } from '../objects/direction.ts'
import type { Workload } from '../objects/objects.ts'
import type { ServiceDoor } from './services-behind.ts'

/**
 * What the kernels of a cluster's nodes have noted, at one instant, in names (docs/flows.schema.json). Times are RFC 3339 in UTC by the
 * clock of whoever asked: nodes tell ages, so their clocks do not matter.
 */
export interface FlowList {
  readonly window: FlowWindow
  readonly nodes: readonly FlowNode[]
  readonly flows: readonly RecordedFlow[]
  /** What was too much to be kept flow by flow: whom they reached is not known any more. */
  readonly folded: readonly FoldedSource[]
}

/** In which every node that answered has noted what passed or was denied. Flows from before may be there, of some nodes. */
export interface FlowWindow {
  readonly from: string
  /** When it was asked. */
  readonly to: string
}

export type FlowNode =
  | {
      readonly name: string
      readonly answered: true
      /** Nothing older is known of this node. */
      readonly since: string
      /** It notes allowed flows too (`--observe`); of any other only denied ones are here. */
      readonly observes: boolean
      /** Packets that it counted without a flow to count them at; of allowed ones undefined where that is not known. */
      readonly lost: { readonly denied: number; readonly allowed?: number | undefined }
      /** Of what no further flow has room: some may be missing. */
      readonly full: readonly FlowVerdict[]
    }
  | { readonly name: string; readonly answered: false; readonly problem: string }

/** What the kernel did. */
export type FlowVerdict = 'allowed' | 'denied'

/** One flow between two addresses; noted on two nodes it is still one. */
export interface RecordedFlow {
  readonly source: RecordedEnd
  readonly destination: RecordedEnd
  /** The only Service that leads to this endpoint and port; the client may as well have dialled the pod. */
  readonly service?: ServiceDoor | undefined
  readonly carries: FlowProtocol
  /** Packets of a denied flow; connections of an allowed one, or more, since a flow is judged again at each generation. */
  readonly count: number
  readonly verdict: FlowVerdict
  /**
   * Of a denied flow, by today's policies; undefined where they allow it. Of any, `unknown`: a packet without conntrack state, which may
   * have been somebody's answer.
   */
  readonly direction?: Direction | 'unknown' | undefined
  /** Of a denied flow: what misses at the rule that comes nearest, or `allowed now`. */
  readonly reason?: string | undefined
  readonly firstSeen: string
  readonly lastSeen: string
  /** Probably an answer that came after the kernel had forgotten its flow: nobody has to allow it. */
  readonly lateAnswer: boolean
  /** An end's pod is younger than the flow's last packet: perhaps another one was meant. */
  readonly uncertain: boolean
  /** Of an allowed flow: a node let it pass on its way, and whether its receiver's did is not known; that one may have denied it. */
  readonly unconfirmed: boolean
}

/** Flows of one source on one node, as a scan of ports leaves them. */
export interface FoldedSource {
  readonly node: string
  readonly source: RecordedEnd
  readonly verdict: FlowVerdict
  readonly flows: number
  readonly ports: number
  readonly addresses: number
  readonly count: number
  readonly firstSeen: string
  readonly lastSeen: string
}

/** Who was behind an address when it was asked. */
export type RecordedEnd =
  | {
      readonly kind: 'pod'
      readonly address: string
      readonly namespace: string
      readonly name: string
      readonly workload?: Workload | undefined
    }
  /** Host processes, pods on the node's network, and whoever the node masquerades. */
  | { readonly kind: 'node'; readonly address: string; readonly name: string }
  /** Neither a pod's nor a node's, nor in their ranges. */
  | { readonly kind: 'outside'; readonly address: string }
  /** In a range of pods, without an owner now: of a Job that has ended, say. */
  | { readonly kind: 'unresolved'; readonly address: string }
