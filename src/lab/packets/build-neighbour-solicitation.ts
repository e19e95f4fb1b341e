import { buildIcmpv6, ICMPV6_TYPES } from './build-icmpv6.ts'
import { buildIPv6 } from './build-ipv6.ts'
import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'
import { readMac } from './read-mac.ts'

export interface NeighbourSolicitationFields {
  readonly source: string
  readonly sourceMac: string
  /** Whose MAC is asked for. */
  readonly target: string
}

/** The IPv6 packet of a neighbour solicitation to the target's solicited-node group (RFC 4861 §4.3). */
export function buildNeighbourSolicitation(fields: NeighbourSolicitationFields): Uint8Array {
  const { source } = fields
  const destination = solicitedNodeAddress(fields.target)
  const payload = new Uint8Array(24)
  payload.set(readAddress(fields.target), 0)
  payload.set([1, 1, ...readMac(fields.sourceMac)], 16)
  const message = buildIcmpv6({ source, destination, type: ICMPV6_TYPES.neighbourSolicitation }, payload)
  return buildIPv6({ source, destination, nextHeader: PROTOCOL_NUMBERS.ICMPv6, hopLimit: 255 }, message)
}

/** The group that a neighbour solicitation for the address is sent to (RFC 4291 §2.7.1). */
export function solicitedNodeAddress(target: string): string {
  const [a = 0, b = 0, c = 0] = readAddress(target).slice(-3)
  return `ff02::1:ff${a.toString(16).padStart(2, '0')}:${((b << 8) | c).toString(16)}`
}
