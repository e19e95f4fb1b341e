import { familyOf } from '../addresses/family-of.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import { allowedPorts } from '../reach/allowed-ports.ts'

/** Ports from which clients connect (Linux's net.ipv4.ip_local_port_range begins at 32768). */
const FIRST_EPHEMERAL = 32_768

/** A flow to the port of a client. */
export function isToClient<Carries extends FlowProtocol>(
  carries: Carries,
): carries is Extract<Carries, { readonly port: number }> {
  return 'port' in carries && carries.port >= FIRST_EPHEMERAL
}

/**
 * To a port from which clients connect, while the way back is allowed on some port: whoever answers late shows the ends swapped. From
 * which port it answered the kernel does not note. Addresses in canonical text.
 */
export function isLateAnswer(graph: AllowGraph, from: string, to: string, carries: FlowProtocol): boolean {
  if (!isToClient(carries)) return false
  const [server, client] = [graph.owners.get(from), graph.owners.get(to)]
  if (server === undefined || client === undefined) return false
  if (client.pod.ports.some(({ number }) => number === carries.port)) return false
  return allowedPorts(graph, client, server, familyOf(to)).ranges[carries.protocol].length > 0
}
