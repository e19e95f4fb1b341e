import { buildIcmp } from '../../src/lab/packets/build-icmp.ts'
import { buildIcmpv6, ICMPV6_TYPES } from '../../src/lab/packets/build-icmpv6.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'

export interface IcmpErrorFields {
  /** Who complains: a router on the way, or the destination itself. */
  readonly source: string
  /** The datagram that was sent, and its sender, who is told. */
  readonly about: {
    readonly source: string
    readonly destination: string
    readonly sourcePort: number
    readonly destinationPort: number
  }
  readonly kind: 'too big' | 'port unreachable'
}

const MTU = 1280

/** The IP packet by which somebody complains about a UDP datagram (RFC 792, RFC 4443). */
export function buildIcmpError({ source, about, kind }: IcmpErrorFields): Uint8Array {
  const destination = about.source
  const quoted = buildIP({ ...about, protocolNumber: PROTOCOL_NUMBERS.UDP }, buildUdp(about, new Uint8Array(8)))
  if (source.includes(':')) {
    const [type, code, rest] = kind === 'too big' ? [ICMPV6_TYPES.packetTooBig, 0, MTU] : [1, 4, 0]
    const message = buildIcmpv6({ source, destination, type, code, rest }, quoted)
    return buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.ICMPv6 }, message)
  }
  const [code, rest] = kind === 'too big' ? [4, MTU] : [3, 0]
  const message = buildIcmp({ type: 3, code, rest }, quoted)
  return buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.ICMP }, message)
}
