import { readMac } from './read-mac.ts'

export const ETHERTYPES = { IPv4: 0x0800, IPv6: 0x86dd, ARP: 0x0806 } as const

export interface EthernetFields {
  readonly source: string
  readonly destination: string
  /** Default: told from the version field of the payload. */
  readonly etherType?: number
}

/** An Ethernet II frame, without preamble and check sequence, not padded. */
export function buildEthernet(fields: EthernetFields, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + payload.length)
  frame.set(readMac(fields.destination), 0)
  frame.set(readMac(fields.source), 6)
  new DataView(frame.buffer).setUint16(12, fields.etherType ?? etherTypeOf(payload))
  frame.set(payload, 14)
  return frame
}

function etherTypeOf(packet: Uint8Array): number {
  return (packet[0] ?? 0) >> 4 === 6 ? ETHERTYPES.IPv6 : ETHERTYPES.IPv4
}
