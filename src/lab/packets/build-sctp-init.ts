import { crc32c } from './crc32c.ts'

export interface SctpInitFields {
  readonly sourcePort: number
  readonly destinationPort: number
  /** Not zero (RFC 9260 §3.3.2). */
  readonly initiateTag: number
  /** At least 1500 for a real association. */
  readonly receiverWindow: number
}

/** An SCTP packet with one INIT chunk and a valid CRC32c (RFC 9260 §3.1, §3.3.2). */
export function buildSctpInit(fields: SctpInitFields): Uint8Array {
  const packet = new Uint8Array(32)
  const view = new DataView(packet.buffer)
  view.setUint16(0, fields.sourcePort)
  view.setUint16(2, fields.destinationPort)
  view.setUint8(12, 1)
  view.setUint16(14, 20)
  view.setUint32(16, fields.initiateTag)
  view.setUint32(20, fields.receiverWindow)
  view.setUint16(24, 10)
  view.setUint16(26, 10)
  view.setUint32(28, 1)
  // The one field of these headers that is little-endian.
  view.setUint32(8, crc32c(packet), true)
  return packet
}
