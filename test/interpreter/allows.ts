import type { Outcome, Packet, Tracked } from './packet.ts'
import { runPacket } from './run-packet.ts'
import type { Hook, TableView } from './table-state.ts'

/** A connection as its first packet shows it. */
export type Connection = Pick<
  Packet,
  | 'family'
  | 'source'
  | 'destination'
  | 'protocol'
  | 'sourcePort'
  | 'destinationPort'
  | 'icmpType'
  | 'icmpv6Type'
  | 'icmpCode'
>

const ECHO_REPLIES: ReadonlyMap<number | undefined, number> = new Map([
  [8, 0],
  [128, 129],
])

/** Is the first packet of a new connection accepted? */
export function allows(view: TableView, connection: Connection, hook: Hook = 'forward'): boolean {
  return runRequest(view, connection, hook).verdict === 'accept'
}

/** Is an answer accepted when the connection is not remembered under the present generation, and so judged again? */
export function allowsReply(view: TableView, connection: Connection): boolean {
  return runReply(view, connection).verdict === 'accept'
}

/** The first packet of a new connection; `translated`: as of {@link Tracked}. */
export function runRequest(
  view: TableView,
  connection: Connection,
  hook: Hook = 'forward',
  translated: Tracked['translated'] = isHairpin(connection),
): Outcome {
  const tracked = { state: 'new', direction: 'original', mark: 0, translated } as const
  return runPacket(view, unicast(connection), tracked, hook)
}

/** An answer that is judged again. */
export function runReply(
  view: TableView,
  connection: Connection,
  translated: Tracked['translated'] = isHairpin(connection),
): Outcome {
  const { source, destination, sourcePort, destinationPort, icmpType, icmpv6Type } = connection
  const answer = {
    ...connection,
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    icmpType: ECHO_REPLIES.get(icmpType) ?? icmpType,
    icmpv6Type: ECHO_REPLIES.get(icmpv6Type) ?? icmpv6Type,
  }
  const tracked = { state: 'established', direction: 'reply', mark: 0, translated } as const
  return runPacket(view, unicast(answer), tracked)
}

function unicast(connection: Connection): Packet {
  return { ...connection, hopLimit: 64, packetType: 'host', fibDestinationType: 'unicast' }
}

/** A pod meets itself at the hook only behind its own Service. */
function isHairpin({ source, destination }: Connection): boolean {
  return source === destination
}
