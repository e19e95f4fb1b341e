import { crc32c } from '../../src/lab/packets/crc32c.ts'

export interface SctpEnds {
  readonly sourcePort: number
  readonly destinationPort: number
  /** What the receiver asked for in its INIT or INIT ACK; 0 in an INIT. */
  readonly verificationTag: number
}

/** An SCTP packet of one chunk with a valid CRC32c (RFC 9260 §3). */
export function sctpPacket(ends: SctpEnds, chunk: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + chunk.length)
  const view = new DataView(packet.buffer)
  view.setUint16(0, ends.sourcePort)
  view.setUint16(2, ends.destinationPort)
  view.setUint32(4, ends.verificationTag)
  packet.set(chunk, 12)
  // The one field of these headers that is little-endian.
  view.setUint32(8, crc32c(packet), true)
  return packet
}

const [DATA, INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK] = [0, 1, 2, 10, 11]
/** State Cookie, a parameter of INIT ACK (§3.3.3.1): 4 bytes that mean something to the server only. */
const COOKIE_PARAMETER = [0, 7, 0, 8, 1, 2, 3, 4]

export const initChunk = (tag: number): Uint8Array => chunk(INIT, 0, opening(tag))
export const initAckChunk = (tag: number): Uint8Array => chunk(INIT_ACK, 0, [...opening(tag), ...COOKIE_PARAMETER])
export const cookieEchoChunk = (): Uint8Array => chunk(COOKIE_ECHO, 0, [1, 2, 3, 4])
export const cookieAckChunk = (): Uint8Array => chunk(COOKIE_ACK, 0, [])
/** Four bytes in one piece: sequence number 1, stream 0, no payload protocol. */
export const dataChunk = (): Uint8Array => chunk(DATA, 3, [...number32(1), 0, 0, 0, 0, ...number32(0), 1, 2, 3, 4])

/** Initiate tag, window, ten streams each way, first sequence number. */
function opening(tag: number): readonly number[] {
  return [...number32(tag), ...number32(65_535), 0, 10, 0, 10, ...number32(1)]
}

/** Lengths of all chunks here are multiples of four: no padding. */
function chunk(type: number, flags: number, value: readonly number[]): Uint8Array {
  const length = 4 + value.length
  return Uint8Array.of(type, flags, length >> 8, length & 0xff, ...value)
}

function number32(value: number): readonly number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
