import type { Block } from '../addresses/block.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { KEPT_SECONDS } from '../nftables/recorded-sets.ts'
import { createDeniedRow, type DeniedRow } from './denied-row.ts'
import type { FlowList, FlowNode, FlowVerdict, FlowWindow, RecordedFlow } from './flow-list.ts'
import { joinFlows } from './join-flows.ts'
import { createReceiverNode, type ReceiverNode } from './receiver-node.ts'
import { recordedEnds } from './recorded-ends.ts'
import type { FoldedFlows, NotedFlow } from './seen-flow.ts'
import { reasonText } from './why-denied.ts'

/** What one agent told, with the age of what it knows in seconds. */
export interface NodeFlows {
  readonly node: string
  readonly sinceAge: number
  readonly observes: boolean
  readonly flows: readonly NotedFlow[]
  readonly folded: readonly FoldedFlows[]
  readonly lost: { readonly denied: number; readonly allowed?: number | undefined }
  readonly full: readonly FlowVerdict[]
}

/** Of which nothing was heard. */
export interface SilentAgent {
  readonly node: string
  readonly problem: string
  /** None runs there, so that nothing is judged. */
  readonly isWithoutAgent?: true | undefined
}

export interface ListFlowsOptions {
  /** When something of this age (seconds) was, as RFC 3339 in UTC. */
  readonly instantOf: (age: number) => string
  readonly silent: readonly SilentAgent[]
  /** As for `recordedEnds`. */
  readonly podNetworks: readonly Block[]
}

/** The answers of all nodes as one list: a flow that two nodes noted is one. */
export function listFlows(cluster: Cluster, nodes: readonly NodeFlows[], options: ListFlowsOptions): FlowList {
  const { instantOf, silent, podNetworks } = options
  const endOf = recordedEnds(cluster, podNetworks)
  // Whoever has a node may say anything of it, and nothing of another one.
  const noted = nodes.flatMap(({ node, flows: told }) => told.map((flow) => ({ ...flow, node })))
  const flows = joinFlows(noted, judgingNode(cluster, silent))
  const rowOf = createDeniedRow(cluster, flows)
  const rows = flows.map((flow) => ({ flow, row: rowOf(flow, instantOf) }))
  // Of two that look like answers to each other, neither has been asked for: both are connections.
  const asked = new Set(
    rows.filter(({ flow, row }) => flow.fate === 'allowed' && !row.toClient).map(({ flow }) => pairKey(flow)),
  )
  return {
    window: windowOf(nodes, instantOf),
    nodes: [...nodes.map((node) => answeredNode(node, instantOf)), ...silent.map(silentNode)],
    flows: rows.map(({ flow, row }): RecordedFlow => {
      const { source, destination, formerSource, formerDestination, carries, packets, fate } = flow
      const [door, ...others] = row.services
      const swapped = {
        ...flow,
        source: destination,
        destination: source,
        formerSource: formerDestination,
        formerDestination: formerSource,
      }
      const isAnswer = row.toClient && asked.has(pairKey(swapped))
      return {
        source: endOf(source, formerSource),
        destination: endOf(destination, formerDestination),
        ...(door === undefined || others.length > 0 ? {} : { service: door }),
        carries,
        count: packets,
        verdict: fate,
        ...(fate === 'denied' ? whyJson(row) : row.directed ? {} : { direction: 'unknown' as const }),
        firstSeen: instantOf(row.firstAge),
        lastSeen: instantOf(flow.lastAge),
        // Where policies allow everything, the way back is allowed whoever asked: there it has to have been seen.
        lateAnswer: isAnswer || (fate === 'denied' && row.lateAnswer),
        uncertain: row.uncertain,
        unconfirmed: flow.unconfirmed,
      }
    }),
    folded: nodes.flatMap(({ folded }) =>
      folded.map(
        ({ node, fate, source, formerSource, flows: count, ports, addresses, packets, firstAge, lastAge }) => ({
          node,
          source: endOf(source, formerSource),
          verdict: fate,
          flows: count,
          ports,
          addresses,
          count: packets,
          firstSeen: instantOf(firstAge),
          lastSeen: instantOf(lastAge),
        }),
      ),
    ),
  }
}

/** The receiver's, where an agent runs on it. */
function judgingNode(cluster: Cluster, silent: readonly SilentAgent[]): ReceiverNode {
  const receiverNode = createReceiverNode(cluster)
  const without = new Set(silent.filter(({ isWithoutAgent }) => isWithoutAgent).map(({ node }) => node))
  return (flow) => {
    const node = receiverNode(flow)
    return node === undefined || without.has(node) ? undefined : node
  }
}

function whyJson({ why, directed }: DeniedRow): Pick<RecordedFlow, 'direction' | 'reason'> {
  const direction = directed ? (why.kind === 'denied' ? why.direction : undefined) : 'unknown'
  return {
    ...(direction === undefined ? {} : { direction }),
    reason: reasonText(why),
  }
}

function pairKey({ source, destination, formerSource, formerDestination, carries }: NotedFlow): string {
  return `${source} ${formerSource?.uid} ${destination} ${formerDestination?.uid} ${carries.protocol}`
}

function windowOf(nodes: readonly NodeFlows[], instantOf: (age: number) => string): FlowWindow {
  const kept = KEPT_SECONDS[nodes.some(({ observes }) => observes) ? 'allowed' : 'denied']
  const age = nodes.reduce((least, { sinceAge }) => Math.min(least, sinceAge), kept)
  return { from: instantOf(Math.max(0, age)), to: instantOf(0) }
}

function answeredNode(answer: NodeFlows, instantOf: (age: number) => string): FlowNode {
  const { node, sinceAge, observes, lost, full } = answer
  return { name: node, answered: true, since: instantOf(sinceAge), observes, lost, full }
}

function silentNode({ node, problem }: SilentAgent): FlowNode {
  return { name: node, answered: false, problem }
}
