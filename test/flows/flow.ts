import type { Family } from '../../compiler/addresses/address.ts'
import type { Manner } from '../../src/lab/sockets.ts'
import type { PodName } from './flows-lab.ts'

/**
 * A flow that is held for a whole file. TCP and UDP on real sockets, in which the client speaks or, once connected, the
 * server alone; and raw UDP and SCTP, in which each end sends what it likes.
 */
export interface Flow {
  readonly client: PodName
  readonly server: PodName
  readonly family: Family
  readonly kind: FlowKind
}

export type FlowKind = 'TCP echo' | 'TCP push' | 'UDP echo' | 'UDP push' | 'UDP raw' | 'SCTP raw'

export interface KindDetails {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly port: number
  /** Undefined: raw. */
  readonly manner?: Manner
}

export const KINDS: Readonly<Record<FlowKind, KindDetails>> = {
  'TCP echo': { protocol: 'TCP', port: 7, manner: 'echo' },
  'TCP push': { protocol: 'TCP', port: 8, manner: 'push' },
  'UDP echo': { protocol: 'UDP', port: 7, manner: 'echo' },
  'UDP push': { protocol: 'UDP', port: 8, manner: 'push' },
  'UDP raw': { protocol: 'UDP', port: 9000 },
  'SCTP raw': { protocol: 'SCTP', port: 9001 },
}

export function flowTitle({ client, server, family, kind }: Flow): string {
  return `${client} to ${server}, ${kind}, ${family}`
}

export function isRaw({ kind }: Flow): boolean {
  return KINDS[kind].manner === undefined
}
