import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'
import { transportChecksum } from './transport-checksum.ts'

export interface UdpFields {
  /** The addresses of the IP header: they are part of the checksum. */
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
}

/** A UDP datagram with a valid checksum (RFC 768): a sum of zero goes out as 0xffff, as zero means 'none'. */
export function buildUdp(fields: UdpFields, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const datagram = new Uint8Array(8 + payload.length)
  const view = new DataView(datagram.buffer)
  view.setUint16(0, fields.sourcePort)
  view.setUint16(2, fields.destinationPort)
  view.setUint16(4, datagram.length)
  datagram.set(payload, 8)
  const [source, destination] = [readAddress(fields.source), readAddress(fields.destination)]
  view.setUint16(6, transportChecksum(source, destination, PROTOCOL_NUMBERS.UDP, datagram) || 0xffff)
  return datagram
}
