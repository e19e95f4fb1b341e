import { ICMPV6_TYPES, buildIcmpv6 } from './build-icmpv6.ts'
import { buildIPv6 } from './build-ipv6.ts'
import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'

export interface RouterAdvertisementFields {
  /** A link-local address: hosts listen to no other (RFC 4861 §6.1.2). */
  readonly source: string
  readonly destination: string
  /** The first 64 bits of it are what hosts make addresses of. */
  readonly prefix: string
}

const SECONDS = 600

/** A router advertisement (RFC 4861 §4.2) of nobody's router, with one prefix for addresses that hosts give themselves (§4.6.2). */
export function buildRouterAdvertisement({ source, destination, prefix }: RouterAdvertisementFields): Uint8Array {
  // Reachable time and retransmission timer, unspecified; then the option.
  const body = new Uint8Array(8 + 32)
  const option = new DataView(body.buffer, 8)
  option.setUint8(0, 3)
  option.setUint8(1, 4)
  option.setUint8(2, 64)
  option.setUint8(3, 0xc0)
  option.setUint32(4, SECONDS)
  option.setUint32(8, SECONDS)
  body.set(readAddress(prefix), 8 + 16)
  const message = buildIcmpv6({ source, destination, type: ICMPV6_TYPES.routerAdvertisement }, body)
  return buildIPv6({ source, destination, nextHeader: PROTOCOL_NUMBERS.ICMPv6, hopLimit: 255 }, message)
}
