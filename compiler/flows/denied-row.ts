import type { Cluster } from '../cluster/create-cluster.ts'
import { flowEnd, type FlowEnd, flowEndText } from './flow-end.ts'
import { createJudgedEnds } from './judged-ends.ts'
import { isLateAnswer, isToClient } from './late-answer.ts'
import type { SeenFlow } from './seen-flow.ts'
import { findServiceDoors, servicesBehind, type ServiceDoor } from './services-behind.ts'
import { whyDenied, type WhyDenied } from './why-denied.ts'

/** One denied flow in names, and what would have to change. */
export interface DeniedRow
  extends Pick<SeenFlow, 'node' | 'carries' | 'directed' | 'packets' | 'lastAge' | 'firstAge'> {
  readonly from: FlowEnd
  readonly to: FlowEnd
  /** The Services that lead to this endpoint and port; the client may as well have dialled the pod. */
  readonly services: readonly ServiceDoor[]
  readonly why: WhyDenied
  /** To the port of a client: so high, not declared by the pod, and of no Service. */
  readonly toClient: boolean
  /** Probably an answer that came after conntrack had forgotten its flow, as UDP's are after 30 s: no connection of anybody's. */
  readonly lateAnswer: boolean
  /** A pod is younger than the flow, and nobody has seen who had its address before: perhaps that one was meant. */
  readonly uncertain: boolean
}

/** `instantOf`: when something of this age (seconds) was, as RFC 3339 in UTC and by the API server's clock. */
export type MakeDeniedRow = (flow: SeenFlow, instantOf: (age: number) => string) => DeniedRow

/** Made once for a cluster, and the flows that it is to tell. */
export function createDeniedRow(cluster: Cluster, flows: readonly SeenFlow[]): MakeDeniedRow {
  const doors = findServiceDoors(cluster)
  const judged = createJudgedEnds(cluster, flows)

  return (flow, instantOf) => {
    const { node, carries, directed, packets, lastAge } = flow
    const from = flowEnd(cluster, flow.source, flow.formerSource)
    const to = flowEnd(cluster, flow.destination, flow.formerDestination)
    const source = judged.addressOf(flow.source, flow.formerSource)
    const destination = judged.addressOf(flow.destination, flow.formerDestination)
    const isJudged = source !== undefined && destination !== undefined
    // Two clocks, rounded: the kernel's of the last packet, the agent's of when it first looked.
    const firstAge = Math.max(flow.firstAge, lastAge)
    const services = destination === undefined ? [] : servicesBehind(doors, destination, carries)
    const owner = destination === undefined ? undefined : judged.cluster.graph.owners.get(destination)?.pod
    const toClient = services.length === 0 && isToClient(carries, owner)
    const isYounger = (end: FlowEnd) => end.kind === 'pod' && !end.gone && end.createdAt > instantOf(firstAge)
    return {
      node,
      carries,
      directed,
      packets,
      lastAge,
      firstAge,
      from,
      to,
      services,
      why: isJudged
        ? whyDenied(judged.cluster, source, destination, carries)
        : { kind: 'gone', who: flowEndText(source === undefined ? from : to) },
      toClient,
      lateAnswer: isJudged && toClient && isLateAnswer(judged.cluster.graph, source, destination, carries),
      uncertain: isYounger(from) || isYounger(to),
    }
  }
}
