import { checksum } from './checksum.ts'

/**
 * Checksum of a TCP, UDP or ICMPv6 message whose own checksum field is still zero, with the pseudo header of
 * RFC 9293 §3.1 (IPv4, four-byte addresses) or RFC 8200 §8.1 (IPv6, sixteen-byte addresses).
 */
export function transportChecksum(
  source: Uint8Array,
  destination: Uint8Array,
  protocolNumber: number,
  message: Uint8Array,
): number {
  const tail = new Uint8Array(8)
  const view = new DataView(tail.buffer)
  view.setUint32(0, message.length)
  view.setUint32(4, protocolNumber)
  return checksum(source, destination, tail, message)
}
