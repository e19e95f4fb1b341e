import { buildIcmp, ICMP_TYPES } from './packets/build-icmp.ts'
import { buildIcmpv6, ICMPV6_TYPES } from './packets/build-icmpv6.ts'
import { buildIP } from './packets/build-ip.ts'
import { buildSctpInit } from './packets/build-sctp-init.ts'
import { buildTcp } from './packets/build-tcp.ts'
import { buildUdp } from './packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from './packets/protocol-numbers.ts'
import type { Probe } from './probe.ts'

/** First word of what a probe carries; whoever receives it tells probes from all other traffic by it. */
export const PROBE_MARK = 0x53454c56

/** Where mark and number stand, in bits from the start of the transport header: NAT rewrites neither. */
export const MARK_OFFSETS = { TCP: 160, UDP: 64, ICMP: 64, SCTP: 128 } as const

export interface ProbePacketFields {
  readonly probe: Probe
  readonly fromAddress: string
  readonly sourcePort: number
  /** Identifies the probe at its receiver: 32 bits. */
  readonly number: number
}

interface Message {
  readonly protocolNumber: number
  readonly bytes: Uint8Array
  readonly checksumOffset: number
}

/** The IP packet of a probe, valid in every field unless the probe asks for a wrong checksum. */
export function buildProbePacket(fields: ProbePacketFields): Uint8Array {
  const { protocolNumber, bytes, checksumOffset } = buildMessage(fields)
  if (fields.probe.checksum === 'wrong') spoil(bytes, checksumOffset)
  return buildIP({ source: fields.fromAddress, destination: fields.probe.toAddress, protocolNumber }, bytes)
}

function buildMessage({ probe, fromAddress: source, sourcePort, number }: ProbePacketFields): Message {
  const destination = probe.toAddress
  const payload = new Uint8Array(8)
  new DataView(payload.buffer).setUint32(0, PROBE_MARK)
  new DataView(payload.buffer).setUint32(4, number)
  const destinationPort = probe.port ?? 0
  const udp = { source, destination, sourcePort, destinationPort }
  switch (probe.protocol) {
    case 'TCP': {
      const bytes = buildTcp({ ...udp, flags: probe.flags ?? ['SYN'] }, payload)
      return { protocolNumber: PROTOCOL_NUMBERS.TCP, bytes, checksumOffset: 16 }
    }
    case 'UDP':
      return { protocolNumber: PROTOCOL_NUMBERS.UDP, bytes: buildUdp(udp, payload), checksumOffset: 6 }
    case 'SCTP': {
      // INIT has no room for a payload; tag and window are any 32 bits.
      const bytes = buildSctpInit({ sourcePort, destinationPort, initiateTag: PROBE_MARK, receiverWindow: number })
      return { protocolNumber: PROTOCOL_NUMBERS.SCTP, bytes, checksumOffset: 8 }
    }
    case 'ICMP': {
      const rest = sourcePort * 0x10000 + 1
      const type = probe.echo === 'reply' ? 'echoReply' : 'echoRequest'
      if (source.includes(':')) {
        const bytes = buildIcmpv6({ source, destination, type: ICMPV6_TYPES[type], rest }, payload)
        return { protocolNumber: PROTOCOL_NUMBERS.ICMPv6, bytes, checksumOffset: 2 }
      }
      const bytes = buildIcmp({ type: ICMP_TYPES[type], rest }, payload)
      return { protocolNumber: PROTOCOL_NUMBERS.ICMP, bytes, checksumOffset: 2 }
    }
  }
}

/** Any other value than the right one; never zero, which for UDP would say 'not computed'. */
function spoil(message: Uint8Array, offset: number): void {
  const view = new DataView(message.buffer)
  const right = view.getUint16(offset)
  view.setUint16(offset, right === 0x5555 ? 0x1111 : right ^ 0x5555)
}
