import type { Cluster } from '../cluster/create-cluster.ts'
import { flowEnd, type FlowEnd } from './flow-end.ts'
import { isLateAnswer } from './late-answer.ts'
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
    lateAnswer: isLateAnswer(cluster.graph, source, destination, carries),
    uncertain: [from, to].some((end) => end.kind === 'pod' && end.createdAt > instantOf(lastAge)),
  }
}
