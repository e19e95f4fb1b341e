import { readAddress } from './read-address.ts'

export interface IPv6Fields {
  readonly source: string
  readonly destination: string
  /** IANA protocol number of what follows: a transport, or 0 for a hop-by-hop header that opens the payload. */
  readonly nextHeader: number
  /** Neighbour discovery wants 255, MLD wants 1; default 64. */
  readonly hopLimit?: number
}

/** An IPv6 packet (RFC 8200); extension headers, where wanted, are part of the payload. */
export function buildIPv6(fields: IPv6Fields, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(40 + payload.length)
  const view = new DataView(packet.buffer)
  view.setUint8(0, 0x60)
  view.setUint16(4, payload.length)
  view.setUint8(6, fields.nextHeader)
  view.setUint8(7, fields.hopLimit ?? 64)
  packet.set(readAddress(fields.source), 8)
  packet.set(readAddress(fields.destination), 24)
  packet.set(payload, 40)
  return packet
}
