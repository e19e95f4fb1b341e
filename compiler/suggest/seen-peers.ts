import { formatAddress } from '../addresses/format-address.ts'
import type { FoundEnd } from '../flows/judge-flow.ts'
import type { WorkloadPods } from '../flows/workload-pods.ts'
import type { Transport } from '../graph/judge.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { ofProtocol, OTHER_PROTOCOLS, type PortSet, unionPortSets } from '../reach/port-set.ts'
import type { UsedFlow } from './sort-flows.ts'

/** With whom a workload was seen to speak, in one direction, and on which ports (of the end that was asked). */
export interface SeenPeer {
  readonly end: PeerEnd
  readonly ports: PortSet
  /** As often as the flows say. */
  readonly count: number
}

export type PeerEnd =
  | { readonly kind: 'workload'; readonly workload: WorkloadPods }
  /** `node`: the name of the node that it is an address of. */
  | { readonly kind: 'address'; readonly address: string; readonly node: string | undefined }

/** By workload id: its peers in each direction, each once. */
export type SeenPeers = ReadonlyMap<string, Readonly<Record<Direction, readonly SeenPeer[]>>>

/** What flows say of the workloads at their ends. */
export function seenPeers(flows: readonly UsedFlow[]): SeenPeers {
  const seen = new Map<string, Record<Direction, SeenPeer[]>>()
  for (const { from, to, transport, flow } of flows) {
    for (const direction of DIRECTIONS) {
      const [subject, peer] = direction === 'egress' ? [from, to] : [to, from]
      if (subject.kind !== 'pods') continue
      const { id } = subject.workload
      const known = seen.get(id) ?? { egress: [], ingress: [] }
      seen.set(id, known)
      const node = direction === 'egress' ? flow.destination : flow.source
      const end = peerEnd(peer, node.kind === 'node' ? node.name : undefined)
      known[direction].push({ end, ports: portsOf(transport), count: flow.count })
    }
  }
  return new Map(
    [...seen].map(([id, { egress, ingress }]) => [id, { egress: unitePeers(egress), ingress: unitePeers(ingress) }]),
  )
}

/** Each peer once, sorted. */
export function unitePeers(peers: readonly SeenPeer[]): readonly SeenPeer[] {
  const groups = Map.groupBy(peers, ({ end }) => peerKey(end))
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, same]) => {
      const [first] = same
      if (first === undefined) return []
      const ports = unionPortSets(same.map((one) => one.ports))
      return [{ end: first.end, ports, count: same.reduce((sum, one) => sum + one.count, 0) }]
    })
}

export function peerKey(end: PeerEnd): string {
  return end.kind === 'workload' ? `w ${end.workload.id}` : `a ${end.address}`
}

function peerEnd(end: FoundEnd, node: string | undefined): PeerEnd {
  if (end.kind === 'pods') return { kind: 'workload', workload: end.workload }
  return { kind: 'address', address: formatAddress(end.address), node }
}

function portsOf(transport: Transport): PortSet {
  if (transport.protocol === 'other') return OTHER_PROTOCOLS
  return ofProtocol(transport.protocol, [{ from: transport.port, to: transport.port }])
}
