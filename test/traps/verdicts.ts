import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { Engine } from '../../compiler/engine/create-engine.ts'
import { judge, type Transport, type Verdict } from '../../compiler/graph/judge.ts'
import { allows, allowsReply, type TableView } from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { parseConnection } from '../oracle/verdict-table.ts'

/** The verdict of the allow-graph. */
export function graphVerdict(engine: Engine, text: string): Verdict {
  const connection = parseConnection(text)
  const [source, destination] = [parseAddress(connection.source), parseAddress(connection.destination)]
  if (source === undefined || destination === undefined) throw new Error(`not a connection: ${text}`)
  return judge(engine.graph(), { source, destination, transport: transportOf(connection) })
}

/** Does the first packet of the connection pass the table? */
export function textAllows(table: TableView, text: string): boolean {
  return allows(table, packetOf(parseConnection(text)))
}

/** Does an answer pass when nothing of the connection is remembered? */
export function textAllowsReply(table: TableView, text: string): boolean {
  return allowsReply(table, packetOf(parseConnection(text)))
}

function transportOf({ protocol, port }: Connection): Transport {
  if (protocol === 'ICMP' || protocol === 'other') return { protocol: 'other' }
  return { protocol, port: port ?? 0 }
}

/** GRE stands for protocols without ports. */
const PROTOCOLS = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1, other: 47 } as const

function packetOf({ source, destination, protocol, port }: Connection): Parameters<typeof allows>[1] {
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
