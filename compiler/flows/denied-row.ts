import type { Cluster } from '../cluster/create-cluster.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import { allowedPorts } from '../reach/allowed-ports.ts'
import { flowEnd, type FlowEnd } from './flow-end.ts'
import type { SeenFlow } from './seen-flow.ts'
import { servicesBehind, type ServiceDoor, type ServiceDoors } from './services-behind.ts'
import { whyDenied, type WhyDenied } from './why-denied.ts'

/** One denied flow in names, and what would have to change. */
export interface DeniedRow
  extends Pick<SeenFlow, 'node' | 'carries' | 'directed' | 'packets' | 'lastAge' | 'firstAge'> {
  readonly from: FlowEnd
  readonly to: FlowEnd
  /** The Services that lead to this endpoint and port; the client may as well have dialled the pod. */
  readonly services: readonly ServiceDoor[]
  readonly why: WhyDenied
  /** Probably an answer that came after conntrack had forgotten its flow, as UDP's are after 30 s: no connection of anybody's. */
  readonly lateAnswer: boolean
  /** A pod has had its address for a shorter time than the flow is noted: perhaps another one was meant. */
  readonly uncertain: boolean
}

/** Ports from which clients connect (Linux's net.ipv4.ip_local_port_range begins at 32768). */
export const FIRST_EPHEMERAL = 32_768

/** `instantOf`: when something of this age (seconds) was, as RFC 3339 in UTC and by the API server's clock. */
export function deniedRow(
  cluster: Cluster,
  doors: ServiceDoors,
  flow: SeenFlow,
  instantOf: (age: number) => string,
): DeniedRow {
  const { node, source, destination, carries, directed, packets, lastAge, firstAge } = flow
  const [from, to] = [flowEnd(cluster, source), flowEnd(cluster, destination)]
  return {
    node,
    carries,
    directed,
    packets,
    lastAge,
    // Two clocks, rounded: the kernel's of the last packet, the agent's of when it first looked.
    firstAge: Math.max(firstAge, lastAge),
    from,
    to,
    services: servicesBehind(doors, destination, carries),
    why: whyDenied(cluster, source, destination, carries),
    lateAnswer: isLateAnswer(cluster, source, destination, carries),
    uncertain: [from, to].some((end) => end.kind === 'pod' && end.createdAt > instantOf(lastAge)),
  }
}

/**
 * To a port from which clients connect, while the way back is allowed on some port: whoever answers late shows the ends swapped. From
 * which port it answered the kernel does not note.
 */
function isLateAnswer({ graph }: Cluster, from: string, to: string, carries: FlowProtocol): boolean {
  if (!('port' in carries) || carries.port < FIRST_EPHEMERAL) return false
  const [server, client] = [graph.owners.get(from), graph.owners.get(to)]
  if (server === undefined || client === undefined) return false
  if (client.pod.ports.some(({ number }) => number === carries.port)) return false
  const family = to.includes(':') ? 'IPv6' : 'IPv4'
  return allowedPorts(graph, client, server, family).ranges[carries.protocol].length > 0
}
