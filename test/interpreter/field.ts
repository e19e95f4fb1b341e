import type { Cursor } from './cursor.ts'
import type { DataType } from './data-types.ts'
import type { ProtocolContext } from './protocol-context.ts'
import { numberValue, type Value } from './value.ts'
import type { Walk } from './walk.ts'

/** A number that a rule reads from the packet. */
export interface Field {
  readonly type: DataType
  /** Undefined when the packet has no such field: then the rule does not match, whatever the comparison. */
  readonly load: (walk: Walk) => Value | undefined
}

const TRANSPORTS = { tcp: 6, udp: 17, sctp: 132 } as const

const ICMP = 1
const ICMPV6 = 58

/** Reads a field that is compared with numbers or looked up in sets; undefined when the next word begins none. */
export function readField(cursor: Cursor, protocols: ProtocolContext): Field | undefined {
  const { kind, text } = cursor.peek()
  if (kind !== 'word') return undefined
  switch (text) {
    case 'ip':
    case 'ip6':
      cursor.next()
      return readNetworkField(cursor, protocols, text === 'ip' ? 4 : 6)
    case 'tcp':
    case 'udp':
    case 'sctp':
      cursor.next()
      protocols.needTransport(TRANSPORTS[text])
      return readPortField(cursor, TRANSPORTS[text])
    case 'th':
      cursor.next()
      return readPortField(cursor, undefined)
    case 'icmp':
    case 'icmpv6':
      cursor.next()
      protocols.needTransport(text === 'icmp' ? ICMP : ICMPV6)
      return readIcmpField(cursor, text)
    default:
      return undefined
  }
}

/** `meta l4proto`, which a packet always has. */
export const PROTOCOL_FIELD: Field = { type: 'inet_proto', load: (walk) => walk.protocol }

/** `meta nfproto`, where it is looked up. */
export const FAMILY_FIELD: Field = {
  type: 'nf_proto',
  load: ({ packet }) => numberValue(packet.family === 'IPv4' ? 2 : 10, 255),
}

function readNetworkField(cursor: Cursor, protocols: ProtocolContext, version: 4 | 6): Field {
  protocols.needNetwork(version)
  const family = version === 4 ? 'IPv4' : 'IPv6'
  const type = version === 4 ? 'ipv4_addr' : 'ipv6_addr'
  if (cursor.accept('saddr')) return { type, load: (walk) => (walk.packet.family === family ? walk.source : undefined) }
  if (cursor.accept('daddr')) {
    return { type, load: (walk) => (walk.packet.family === family ? walk.destination : undefined) }
  }
  // Of IPv6 only `meta l4proto` is known: the header's field may be that of an extension header.
  if (version === 4 && cursor.accept('protocol')) {
    return { type: 'inet_proto', load: (walk) => (walk.packet.family === family ? walk.protocol : undefined) }
  }
  if (version === 6 && cursor.accept('hoplimit')) {
    return { type: 'hop_limit', load: ({ packet }) => optional(packet.family === family ? packet.hopLimit : undefined) }
  }
  throw cursor.error('unknown field of the IP header')
}

/**
 * After `ct`: `original ip saddr` and its like, the ends that the flow's first packet showed before anything was translated. Where a
 * translation changed the destination nothing here knows the former one; it is none of the pods' addresses.
 */
export function readOriginalField(cursor: Cursor): Field {
  cursor.expect('original')
  const version = cursor.accept('ip6') ? 6 : 4
  if (version === 4) cursor.expect('ip')
  const isSource = cursor.accept('saddr')
  if (!isSource) cursor.expect('daddr')
  const family = version === 4 ? 'IPv4' : 'IPv6'
  return {
    type: version === 4 ? 'ipv4_addr' : 'ipv6_addr',
    load: ({ packet, tracked, hasConnection, source, destination }) => {
      if (!hasConnection || packet.family !== family) return undefined
      if (!isSource && (tracked.translated ?? false) !== false) return numberValue(0, 255)
      return isSource === (tracked.direction === 'original') ? source : destination
    },
  }
}

function readPortField(cursor: Cursor, protocol: number | undefined): Field {
  const side = cursor.word('sport or dport')
  if (side !== 'sport' && side !== 'dport') throw cursor.error(`'${side}' is no port field`)
  const port = (walk: Walk) => (side === 'sport' ? walk.sourcePort : walk.destinationPort)
  if (protocol === undefined) return { type: 'inet_service', load: port }
  return { type: 'inet_service', load: (walk) => (walk.packet.protocol === protocol ? port(walk) : undefined) }
}

function readIcmpField(cursor: Cursor, word: 'icmp' | 'icmpv6'): Field {
  const protocol = word === 'icmp' ? ICMP : ICMPV6
  const isType = cursor.accept('type')
  if (!isType) cursor.expect('code')
  return {
    type: `${word}_${isType ? 'type' : 'code'}`,
    load: ({ packet }) => {
      const type = word === 'icmp' ? packet.icmpType : packet.icmpv6Type
      return optional(packet.protocol === protocol ? (isType ? type : packet.icmpCode) : undefined)
    },
  }
}

function optional(byte: number | undefined): Value | undefined {
  return byte === undefined ? undefined : numberValue(byte, 255)
}
