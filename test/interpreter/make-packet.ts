import type { Packet, Tracked } from './interpreter.ts'

export const NEW: Tracked = { state: 'new', direction: 'original', mark: 0 }

/** A TCP packet from 10.0.0.1, port 40000, to 10.0.0.2, port 80, less what is said otherwise. */
export function makePacket(changes: Partial<Packet> = {}): Packet {
  return {
    family: 'IPv4',
    source: '10.0.0.1',
    destination: '10.0.0.2',
    protocol: 6,
    sourcePort: 40000,
    destinationPort: 80,
    packetType: 'host',
    fibDestinationType: 'unicast',
    ...changes,
  }
}

/** The same between IPv6 addresses. */
export function makePacket6(changes: Partial<Packet> = {}): Packet {
  return makePacket({ family: 'IPv6', source: 'fd00::1', destination: 'fd00::2', hopLimit: 64, ...changes })
}

const PING6 = { protocol: 58, sourcePort: undefined, destinationPort: undefined } as const

export function makeIcmpv6(icmpv6Type: number, hopLimit: number): Packet {
  return makePacket6({ ...PING6, icmpv6Type, hopLimit })
}
