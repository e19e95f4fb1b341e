import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { Change } from '../../compiler/engine/change.ts'
import type { judge } from '../../compiler/graph/judge.ts'
import type { Event } from '../arbitraries/events.ts'
import type { allows } from '../interpreter/interpreter.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import type { Connection } from '../oracle/connection.ts'

/** The connection as the graph's judge asks for it. */
export function questionOf({ source, destination, protocol, port }: Connection): Parameters<typeof judge>[1] {
  const [from, to] = [parseAddress(source), parseAddress(destination)]
  if (from === undefined || to === undefined) throw new Error(`not an address: ${source} or ${destination}`)
  const transport =
    protocol === 'ICMP' || protocol === 'other' ? ({ protocol: 'other' } as const) : { protocol, port: port ?? 0 }
  return { source: from, destination: to, transport }
}

/** GRE stands for protocols without ports. */
const PROTOCOLS = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1, other: 47 } as const

/** The connection's first packet, as the interpreter takes it. */
export function packetOf({ source, destination, protocol, port }: Connection): Parameters<typeof allows>[1] {
  const family = source.includes(':') ? 'IPv6' : 'IPv4'
  const icmpv6 = protocol === 'ICMP' && family === 'IPv6'
  return {
    family,
    source,
    destination,
    protocol: icmpv6 ? 58 : PROTOCOLS[protocol],
    ...(icmpv6 && { icmpv6Type: 128 }),
    ...(port !== undefined && { sourcePort: 40_000, destinationPort: port }),
  }
}

/** The event as the engine takes it; undefined when nothing of its object can be used. */
export function changeOf(event: Event): Change | undefined {
  if (event.type === 'remove') return event
  const object = decodeRaw(event.object)
  return object && { type: 'put', object }
}
