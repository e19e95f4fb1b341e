import type { Address } from '../addresses/address.ts'
import { formatAddress } from '../addresses/format-address.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { Protocol } from '../objects/protocol.ts'
import { inPeerGroup } from '../selectors/in-peer-group.ts'
import type { AllowGraph, GraphPod, Isolation } from './allow-graph.ts'
import type { Grant, GrantPorts } from './grants.ts'
import type { Peers } from './peers.ts'

/** A new connection as the kernel's forward hook sees it: after DNAT, before SNAT. */
export interface Connection {
  readonly source: Address
  readonly destination: Address
  readonly transport: Transport
}

/** `other`: ICMP and every protocol whose ports a policy cannot name; only grants without ports open it. */
export type Transport = { readonly protocol: Protocol; readonly port: number } | { readonly protocol: 'other' }

export interface DirectionVerdict {
  readonly isolated: boolean
  readonly allowed: boolean
}

export interface Verdict {
  readonly allowed: boolean
  readonly egress: DirectionVerdict
  readonly ingress: DirectionVerdict
}

/** The one judgement of the project: both ends must allow, and a pod always reaches itself. */
export function judge(graph: AllowGraph, connection: Connection): Verdict {
  const { source, destination, transport } = connection
  const from = graph.owners.get(formatAddress(source))
  const to = graph.owners.get(formatAddress(destination))
  if (from !== undefined && from === to) {
    const itself = (isolation: Isolation) => ({ isolated: isolation !== 'open', allowed: true })
    return { allowed: true, egress: itself(from.egress), ingress: itself(from.ingress) }
  }
  const egress = judgeDirection(graph, from?.egress ?? 'open', { address: destination, owner: to }, transport, to)
  const ingress = judgeDirection(graph, to?.ingress ?? 'open', { address: source, owner: from }, transport, to)
  return { allowed: egress.allowed && ingress.allowed, egress, ingress }
}

/** The other end, as one direction sees it. */
export interface Peer {
  readonly address: Address
  readonly owner: GraphPod | undefined
}

/** One direction alone; `destination` is the pod whose named ports count. */
export function judgeDirection(
  graph: AllowGraph,
  isolation: Isolation,
  peer: Peer,
  transport: Transport,
  destination: GraphPod | undefined,
): DirectionVerdict {
  if (isolation === 'open') return { isolated: false, allowed: true }
  return {
    isolated: true,
    allowed: isolation.list.some((grant) => grantAllows(graph, grant, peer, transport, destination)),
  }
}

function grantAllows(
  graph: AllowGraph,
  { ports, peers }: Grant,
  peer: Peer,
  transport: Transport,
  destination: GraphPod | undefined,
): boolean {
  return portsAllow(ports, transport, destination) && peersAllow(graph, peers, peer)
}

function portsAllow(ports: GrantPorts, transport: Transport, destination: GraphPod | undefined): boolean {
  if (ports.kind === 'any') return true
  if (transport.protocol !== ports.protocol) return false
  switch (ports.kind) {
    case 'protocol':
      return true
    case 'range':
      return ports.from <= transport.port && transport.port <= ports.to
    case 'name':
      return (
        destination?.pod.ports.some(
          ({ name, protocol, number }) =>
            name === ports.name && protocol === ports.protocol && number === transport.port,
        ) ?? false
      )
  }
}

/** Is the other end among the peers, by its address or by the pod that owns it? */
export function peersAllow(graph: AllowGraph, peers: Peers, { address, owner }: Peer): boolean {
  if (peers.kind === 'anyone') return true
  if (rangesContain(peers.ranges[address.family], address.value)) return true
  if (owner === undefined) return false
  const namespace = { name: owner.pod.namespace, labels: graph.namespaceLabels(owner.pod.namespace).labels }
  return peers.groups.some((group) => inPeerGroup(group, namespace, owner.pod.labels.labels))
}
