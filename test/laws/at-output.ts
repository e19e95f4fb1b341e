import { allows, allowsReply, type Packet, runPacket, type Table } from '../interpreter/interpreter.ts'

/** What a router's own hooks see of a packet to one station, and a flow's first packet. */
export const ROUTED = { hopLimit: 64, packetType: 'host', fibDestinationType: 'unicast' } as const
export const NEW = { state: 'new', direction: 'original', mark: 0 } as const

/** Of one request, where IPVS carries Services: what happens to it at both hooks, to its answer, and to the same from the node itself. */
export function atOutput(table: Table, packet: Omit<Packet, keyof typeof ROUTED>) {
  const ofTheNode: Packet = { ...packet, ...ROUTED, fibSourceType: 'local' }
  return {
    output: allows(table, packet, 'output'),
    forward: allows(table, packet),
    reply: allowsReply(table, packet),
    ofTheNode: runPacket(table, ofTheNode, NEW, 'output').verdict === 'accept',
  }
}
