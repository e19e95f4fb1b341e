import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'
import { transportChecksum } from './transport-checksum.ts'

export type TcpFlag = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK' | 'URG'

export interface TcpFields {
  /** The addresses of the IP header: they are part of the checksum. */
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  readonly flags: readonly TcpFlag[]
  readonly sequence?: number
  readonly acknowledgement?: number
}

const FLAG_BITS: Readonly<Record<TcpFlag, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 }

/** A TCP segment without options, with a valid checksum (RFC 9293 §3.1). */
export function buildTcp(fields: TcpFields, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const segment = new Uint8Array(20 + payload.length)
  const view = new DataView(segment.buffer)
  view.setUint16(0, fields.sourcePort)
  view.setUint16(2, fields.destinationPort)
  view.setUint32(4, fields.sequence ?? 1)
  view.setUint32(8, fields.acknowledgement ?? 0)
  view.setUint8(12, 0x50)
  view.setUint8(
    13,
    fields.flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0),
  )
  view.setUint16(14, 0xfaf0)
  segment.set(payload, 20)
  const [source, destination] = [readAddress(fields.source), readAddress(fields.destination)]
  view.setUint16(16, transportChecksum(source, destination, PROTOCOL_NUMBERS.TCP, segment))
  return segment
}
