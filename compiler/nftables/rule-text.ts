import type { Family } from '../addresses/address.ts'
import type { Protocol } from '../objects/protocol.ts'

/** Which end of the packet. */
export type Side = 'source' | 'destination'

/** `request`: the packet goes the way of its connection's first one. `reply`: the other way, so both ends are swapped. */
export type Variant = 'request' | 'reply'

export const VARIANTS: readonly Variant[] = ['request', 'reply']

/** 4 or 6, as it stands in names. */
export function familyDigit(family: Family): 4 | 6 {
  return family === 'IPv4' ? 4 : 6
}

export function addressType(family: Family): string {
  return family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr'
}

export function addressField(family: Family, side: Side): string {
  return `${family === 'IPv4' ? 'ip' : 'ip6'} ${side === 'source' ? 'saddr' : 'daddr'}`
}

/**
 * The protocol as a field of a key. nft 1.0.6 swaps the one byte of `meta l4proto` in keys of interval sets by a byteorder expression
 * that newer kernels refuse (6.12.117, 7.2.13); the IPv4 header's field needs none. In IPv6 the header's field names whatever extension
 * header comes first, so packets with one would match nothing.
 */
export function protocolField(family: Family): string {
  return family === 'IPv4' ? 'ip protocol' : 'meta l4proto'
}

export function portField(side: Side): string {
  return side === 'source' ? 'sport' : 'dport'
}

/** nft's word for the protocol: a bare `udp` is a syntax error, `meta l4proto udp` is not. */
export function protocolWord(protocol: Protocol): string {
  return protocol.toLowerCase()
}

/** `80` or `80-90`. */
export function portsText(from: number, to: number): string {
  return from === to ? `${from}` : `${from}-${to}`
}
