import { checksum } from './checksum.ts'
import { readAddress } from './read-address.ts'

export interface IPv4Fields {
  readonly source: string
  readonly destination: string
  /** IANA protocol number. */
  readonly protocolNumber: number
  readonly timeToLive?: number
  readonly identification?: number
}

/** An IPv4 packet without options, 'don't fragment' set, with a valid header checksum (RFC 791). */
export function buildIPv4(fields: IPv4Fields, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + payload.length)
  const view = new DataView(packet.buffer)
  view.setUint8(0, 0x45)
  view.setUint16(2, packet.length)
  view.setUint16(4, fields.identification ?? 0)
  view.setUint16(6, 0x4000)
  view.setUint8(8, fields.timeToLive ?? 64)
  view.setUint8(9, fields.protocolNumber)
  packet.set(readAddress(fields.source), 12)
  packet.set(readAddress(fields.destination), 16)
  view.setUint16(10, checksum(packet.subarray(0, 20)))
  packet.set(payload, 20)
  return packet
}
