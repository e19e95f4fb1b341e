import type { Address } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { Fate } from './recorded-sets.ts'

/** One flow that the kernel has noted, in addresses: who asked, whom, and how often. */
export interface FlowRecord {
  readonly fate: Fate
  readonly source: Address
  /** After DNAT: an endpoint, never a Service's address. */
  readonly destination: Address
  readonly carries: FlowProtocol
  /** Which end asked is known: not of packets without conntrack state. */
  readonly directed: boolean
  /** Of allowed ones those alone that were judged: one for a connection, and one more in each generation. */
  readonly packets: number
  /** Seconds since its last packet. */
  readonly age: number
}

/** `other`: IP's own number of the protocol (IANA), which has no ports that policies could name. */
export type FlowProtocol =
  | { readonly protocol: 'TCP' | 'UDP' | 'SCTP'; readonly port: number }
  | { readonly protocol: 'ICMP'; readonly type: number; readonly code: number }
  | { readonly protocol: 'other'; readonly number: number }

/** How many packets were denied to or from one pod's address, flows that no set had room for among them. */
export interface PodTotal {
  readonly address: Address
  readonly direction: Direction
  readonly packets: number
}

/** How many packets from or to one pod's address were denied and are counted by none of the flows. */
export interface PodLoss {
  readonly address: Address
  readonly packets: number
}

/** What the sets that packets fill hold at one instant. */
export interface Records {
  readonly flows: readonly FlowRecord[]
  readonly totals: readonly PodTotal[]
  readonly lost: readonly PodLoss[]
}

export const NO_RECORDS: Records = { flows: [], totals: [], lost: [] }

export function joinRecords(all: readonly Records[]): Records {
  return {
    flows: all.flatMap(({ flows }) => flows),
    totals: all.flatMap(({ totals }) => totals),
    lost: all.flatMap(({ lost }) => lost),
  }
}
