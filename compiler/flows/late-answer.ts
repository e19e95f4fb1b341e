import { familyOf } from '../addresses/family-of.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Pod } from '../objects/objects.ts'
import { allowedPorts } from '../reach/allowed-ports.ts'

/** Ports from which clients connect (Linux's net.ipv4.ip_local_port_range begins at 32768). */
const FIRST_EPHEMERAL = 32_768

/**
 * To the port of a client, as an answer goes: so high, and none that the pod there declares. `to`: undefined where there is no pod, or none
 * any more that could say.
 */
export function isToClient<Carries extends FlowProtocol>(
  carries: Carries,
  to: Pod | undefined,
): carries is Extract<Carries, { readonly port: number }> {
  if (!('port' in carries) || carries.port < FIRST_EPHEMERAL) return false
  return ![...(to?.ports ?? []), ...(to?.namelessPorts ?? [])].some(({ number }) => number === carries.port)
}

/**
 * To the port of a client, while the way back is allowed on some port: whoever answers late shows the ends swapped. From which port it
 * answered the kernel does not note. Addresses in canonical text.
 */
export function isLateAnswer(graph: AllowGraph, from: string, to: string, carries: FlowProtocol): boolean {
  const [server, client] = [graph.owners.get(from), graph.owners.get(to)]
  if (server === undefined || client === undefined || !isToClient(carries, client.pod)) return false
  return allowedPorts(graph, client, server, familyOf(to)).ranges[carries.protocol].length > 0
}
