import type { Protocol } from '../../compiler/objects/protocol.ts'
import type { TcpFlag } from './packets/build-tcp.ts'

/**
 * One raw packet, and the question whether it arrives. Places are named as in the plan: a pod, a node or 'outside'.
 * A packet that a node sends enters the network behind the node's own output hook.
 */
export interface Probe {
  readonly from: string
  /** Need not be the sender's own. Default: what the sender would use towards that address. */
  readonly fromAddress?: string
  readonly toAddress: string
  /** Who should receive it. Default: the owner of `toAddress`, or the outside when nobody owns it. */
  readonly to?: string
  readonly protocol: Protocol | 'ICMP'
  /** Destination port; of no meaning for ICMP, needed for the others. */
  readonly port?: number
  /** Or ICMP identifier. Default: one that this source has not used yet, so that the flow is new to conntrack. */
  readonly sourcePort?: number
  /** TCP only; default SYN. */
  readonly flags?: readonly TcpFlag[]
  /** ICMP only; default a request. */
  readonly echo?: 'request' | 'reply'
  /** Of the transport header; default right. */
  readonly checksum?: 'right' | 'wrong'
  /** For the outside only: the node that it hands the packet to. Default: the one whose pods or address it is, else the first. */
  readonly via?: string
}

export interface ProbeOptions {
  /** How often a packet that did not arrive is sent before it counts as lost; default 2. A denied one stays denied. */
  readonly attempts?: number
  /** What packets in flight are given after the last one was sent; default 15. */
  readonly settleMilliseconds?: number
}
