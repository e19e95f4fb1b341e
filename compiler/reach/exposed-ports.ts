import type { Family } from '../addresses/address.ts'
import { normalizeRanges, rangesCover } from '../addresses/ranges.ts'
import { rangeOfFamily } from '../addresses/block-range.ts'
import type { AllowGraph, GraphPod, Isolation } from '../graph/allow-graph.ts'
import type { GrantPorts } from '../graph/grants.ts'
import { judgeDirection, type Peer } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import type { NamedPort } from '../objects/objects.ts'
import type { Protocol } from '../objects/protocol.ts'
import { grantedPorts } from './allowed-ports.ts'
import { ANYWHERE, hostPorts, portsWherever } from './host-reach.ts'
import {
  EVERY_PORT,
  intersectPortSets,
  isWhole,
  NO_PORT,
  type PortSet,
  portSetOfGrant,
  unionPortSets,
} from './port-set.ts'
import type { PossiblePod } from './possible-pods.ts'

/** A pod that is not in the input, and the keys of the groups that it is in. */
export interface Stranger extends PossiblePod {
  readonly groups: ReadonlySet<string>
}

/** What passes between a stranger and a pod of the input in one family, whatever the stranger's address is. */
export interface ExposedPorts {
  readonly ports: PortSet
  /** Towards a stranger: the ports that it may have under these names, whatever their numbers. */
  readonly names: readonly PortName[]
}

export interface PortName {
  readonly protocol: Protocol
  readonly name: string
}

/** From a stranger to a pod, or a pod on the network of its node. */
export function portsFromStranger(graph: AllowGraph, from: Stranger, to: GraphPod, family: Family): ExposedPorts {
  const leaves = judgedByStranger(graph, from.pod, 'egress', to, to.pod.ports, family)
  const enters = to.pod.hostNetwork ? EVERY_PORT : judgedByPod(to.ingress, from, to.pod.ports, family)
  return { ports: intersectPortSets(leaves, enters), names: [] }
}

/** From a pod to a stranger. */
export function portsToStranger(graph: AllowGraph, from: GraphPod, to: Stranger, family: Family): ExposedPorts {
  const leaves = from.pod.hostNetwork ? EVERY_PORT : judgedByPod(from.egress, to, [], family)
  const enters = judgedByStranger(graph, to.pod, 'ingress', from, [], family)
  const ports = intersectPortSets(leaves, enters)
  return { ports, names: namesToStranger(graph, from, to, family).filter(({ protocol }) => !isWhole(ports, protocol)) }
}

/** What the stranger's own policies say of a pod. */
function judgedByStranger(
  graph: AllowGraph,
  stranger: GraphPod,
  direction: 'ingress' | 'egress',
  pod: GraphPod,
  destination: readonly NamedPort[],
  family: Family,
): PortSet {
  if (pod.pod.hostNetwork) return hostPorts(pod, stranger, direction, family)
  const peer = peerOf(pod, family)
  return peer === undefined ? NO_PORT : grantedPorts(graph, stranger[direction], peer, destination)
}

/** What a pod's policies say of the stranger: by its labels, or by every address that it may have. */
function judgedByPod(
  isolation: Isolation,
  { groups }: Stranger,
  destination: readonly NamedPort[],
  family: Family,
): PortSet {
  if (isolation === 'open') return EVERY_PORT
  const granting = isolation.list.filter(
    ({ peers }) => peers.kind === 'anyone' || peers.groups.some(({ key }) => groups.has(key)),
  )
  const byLabels = granting.map(({ ports }) => portSetOfGrant(ports, destination))
  return unionPortSets([...byLabels, portsWherever(isolation, family)])
}

/** Names of ports that a pod may connect to at the stranger: port 0 stands for the number, since no range can name it. */
function namesToStranger(graph: AllowGraph, from: GraphPod, to: Stranger, family: Family): readonly PortName[] {
  const { egress } = from
  if (egress === 'open' || from.pod.hostNetwork) return []
  const peer = peerOf(from, family)
  if (peer === undefined) return []
  const names = egress.list.flatMap(({ ports }) => (ports.kind === 'name' ? [ports] : []))
  return names
    .filter((one) => leavesByName(egress, to, one, family) && entersByName(graph, to, one, peer))
    .map(({ protocol, name }) => ({ protocol, name }))
}

function leavesByName(
  egress: Exclude<Isolation, 'open'>,
  { groups }: Stranger,
  { protocol, name }: PortName,
  family: Family,
): boolean {
  const opens = (ports: GrantPorts): boolean =>
    ports.kind === 'any' ||
    (ports.protocol === protocol && (ports.kind === 'protocol' || (ports.kind === 'name' && ports.name === name)))
  const granting = egress.list.filter(({ ports }) => opens(ports))
  const ranges = granting.flatMap(({ peers }) =>
    peers.kind === 'anyone' ? [rangeOfFamily(family)] : peers.ranges[family],
  )
  return (
    granting.some(({ peers }) => peers.kind === 'some' && peers.groups.some(({ key }) => groups.has(key))) ||
    rangesCover(normalizeRanges(ranges), ANYWHERE[family])
  )
}

function entersByName(graph: AllowGraph, to: Stranger, { protocol, name }: PortName, peer: Peer): boolean {
  if (to.pod.ingress === 'open') return true
  const { ingress } = to.withPorts([{ protocol, name, number: 0 }])
  return judgeDirection(graph, ingress, peer, { protocol, port: 0 }, undefined).allowed
}
