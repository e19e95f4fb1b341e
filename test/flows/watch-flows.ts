import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { countFlows, type FlowKeys } from '../flood/counter-table.ts'
import { type Flow, flowTitle, KINDS } from './flow.ts'
import { addressOf, NODES, nodeOf, POD_NAMES } from './flows-lab.ts'

/** What was seen of one way of a flow so far, in packets. */
export interface WayCount {
  /** Came to our chain on the first node that it meets. */
  readonly offered: number
  /** Got past our chain on the last node that it meets. */
  readonly passed: number
  /** Came to the pod at the end. */
  readonly arrived: number
}

export interface FlowSight {
  readonly request: WayCount
  readonly reply: WayCount
}

/** By the titles of the flows. */
export type Sights = ReadonlyMap<string, FlowSight>
export type Look = () => Promise<Sights>

const RAW = Object.values(KINDS).filter(({ manner }) => manner === undefined)

/** Counts both ways of every flow, on both nodes and at both ends. Packets of raw flows end at their pod's door. */
export async function watchFlows(lab: Lab, flows: readonly Flow[]): Promise<Look> {
  const keys = FAMILIES.map((family) => keysOf(flows, family))
  const nodes = await Promise.all(
    NODES.map((node) =>
      countFlows(lab, node, 'inet flow-counters', keys, [
        { name: 'offered', hook: 'type filter hook forward priority filter + 4;' },
        { name: 'passed', hook: 'type filter hook forward priority filter + 6;' },
      ]),
    ),
  )
  const drops = RAW.flatMap(({ protocol, port }) =>
    ['sport', 'dport'].map((field) => `${protocol.toLowerCase()} ${field} ${port} drop`),
  )
  const pods = await Promise.all(
    POD_NAMES.map((pod) =>
      countFlows(lab, pod, 'netdev flow-counters', keys, [
        { name: 'arrived', hook: 'type filter hook ingress device "eth0" priority 0;', rules: drops },
      ]),
    ),
  )
  return async () => {
    const onNodes = await Promise.all(nodes.map((table) => table.read()))
    const inPods = await Promise.all(pods.map((table) => table.read()))
    return new Map(
      flows.map((flow) => {
        const title = flowTitle(flow)
        const at = (name: Flow['client']) => onNodes[NODES.indexOf(nodeOf(name))]?.get(title)
        const way = (from: Flow['client'], to: Flow['client'], which: 'request' | 'reply'): WayCount => ({
          offered: at(from)?.('offered', which) ?? 0,
          passed: at(to)?.('passed', which) ?? 0,
          arrived: inPods[POD_NAMES.indexOf(to)]?.get(title)?.('arrived', which) ?? 0,
        })
        const { client, server } = flow
        return [title, { request: way(client, server, 'request'), reply: way(server, client, 'reply') }]
      }),
    )
  }
}

/** Flows are told apart by who speaks to whom and by the server's port: a socket chooses its client port itself. */
function keysOf(flows: readonly Flow[], family: Family): FlowKeys {
  const ip = family === 'IPv4' ? 'ip' : 'ip6'
  const address = family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr'
  const mine = flows.filter((flow) => flow.family === family)
  return {
    type: `${address} . ${address} . inet_proto . inet_service`,
    request: `${ip} saddr . ${ip} daddr . meta l4proto . th dport`,
    reply: `${ip} daddr . ${ip} saddr . meta l4proto . th sport`,
    flows: new Map(
      mine.map((flow) => {
        const { protocol, port } = KINDS[flow.kind]
        const ends = `${addressOf(flow.client, family)} . ${addressOf(flow.server, family)}`
        return [`${ends} . ${protocol.toLowerCase()} . ${port}`, flowTitle(flow)]
      }),
    ),
  }
}
