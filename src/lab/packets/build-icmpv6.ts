import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'
import { transportChecksum } from './transport-checksum.ts'

export interface Icmpv6Fields {
  /** The addresses of the IP header: they are part of the checksum. */
  readonly source: string
  readonly destination: string
  readonly type: number
  readonly code?: number
  /** The four bytes after the checksum; for an echo: identifier in the upper, sequence in the lower half. */
  readonly rest?: number
}

export const ICMPV6_TYPES = {
  packetTooBig: 2,
  echoRequest: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  multicastListenerReport: 143,
} as const

/** An ICMPv6 message with a valid checksum (RFC 4443 §2.3). */
export function buildIcmpv6(fields: Icmpv6Fields, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const message = new Uint8Array(8 + payload.length)
  const view = new DataView(message.buffer)
  view.setUint8(0, fields.type)
  view.setUint8(1, fields.code ?? 0)
  view.setUint32(4, fields.rest ?? 0)
  message.set(payload, 8)
  const [source, destination] = [readAddress(fields.source), readAddress(fields.destination)]
  view.setUint16(2, transportChecksum(source, destination, PROTOCOL_NUMBERS.ICMPv6, message))
  return message
}
