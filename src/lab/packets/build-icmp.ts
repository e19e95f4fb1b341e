import { checksum } from './checksum.ts'

export interface IcmpFields {
  readonly type: number
  readonly code?: number
  /** The four bytes after the checksum; for an echo: identifier in the upper, sequence in the lower half. */
  readonly rest?: number
}

export const ICMP_TYPES = { echoReply: 0, unreachable: 3, echoRequest: 8 } as const

/** An ICMP message with a valid checksum (RFC 792). */
export function buildIcmp(fields: IcmpFields, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const message = new Uint8Array(8 + payload.length)
  const view = new DataView(message.buffer)
  view.setUint8(0, fields.type)
  view.setUint8(1, fields.code ?? 0)
  view.setUint32(4, fields.rest ?? 0)
  message.set(payload, 8)
  view.setUint16(2, checksum(message))
  return message
}
