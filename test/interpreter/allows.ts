import type { Packet } from './packet.ts'
import { runPacket } from './run-packet.ts'
import type { Hook, TableView } from './table-state.ts'

/** A connection as its first packet shows it. */
export type Connection = Pick<
  Packet,
  'family' | 'source' | 'destination' | 'protocol' | 'sourcePort' | 'destinationPort' | 'icmpv6Type'
>

const ECHO_REQUEST = 128
const ECHO_REPLY = 129

/** Is the first packet of a new connection accepted? */
export function allows(view: TableView, connection: Connection, hook: Hook = 'forward'): boolean {
  const tracked = { state: 'new', direction: 'original', mark: 0, translated: isHairpin(connection) } as const
  return runPacket(view, unicast(connection), tracked, hook).verdict === 'accept'
}

/** Is an answer accepted when the connection is not remembered under the present generation, and so judged again? */
export function allowsReply(view: TableView, connection: Connection): boolean {
  const { source, destination, sourcePort, destinationPort, icmpv6Type } = connection
  const answer = {
    ...connection,
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    icmpv6Type: icmpv6Type === ECHO_REQUEST ? ECHO_REPLY : icmpv6Type,
  }
  const tracked = { state: 'established', direction: 'reply', mark: 0, translated: isHairpin(connection) } as const
  return runPacket(view, unicast(answer), tracked).verdict === 'accept'
}

function unicast(connection: Connection): Packet {
  return { ...connection, hopLimit: 64, packetType: 'host', fibDestinationType: 'unicast' }
}

/** A pod meets itself at the hook only behind its own Service. */
function isHairpin({ source, destination }: Connection): boolean {
  return source === destination
}
