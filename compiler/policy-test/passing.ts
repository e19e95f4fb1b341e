import type { Family } from '../addresses/address.ts'
import { intersectRanges } from '../addresses/ranges.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { whereHostIsSeen } from '../reach/host-reach.ts'
import { EVERY_PORT, NO_PORT, type PortSet, unionPortSets } from '../reach/port-set.ts'
import type { World } from './world.ts'

/** What passes in one family: for sure, and by whatever the input leaves open; pods with addresses leave nothing open. */
export interface Passing {
  readonly family: Family
  readonly sure: PortSet
  readonly possible: PortSet
}

/** Between two pods, of which either may be on the network of a node; nothing where a node and its own pod are meant. */
export function passing({ reach }: World, from: GraphPod, to: GraphPod): readonly Passing[] {
  const between = [...reach.between(from, to)]
  if (!from.pod.hostNetwork && !to.pod.hostNetwork) {
    return between.map(([family, ports]) => ({ family, sure: ports, possible: ports }))
  }
  if (from.pod.node !== undefined && from.pod.node === to.pod.node) return []
  return between.map(([family, sure]) => ({ family, sure, possible: possiblePorts(reach, from, to, family) }))
}

function possiblePorts(reach: World['reach'], from: GraphPod, to: GraphPod, family: Family): PortSet {
  if (from.pod.hostNetwork && to.pod.hostNetwork) return EVERY_PORT
  const [host, pod, direction]: readonly [GraphPod, GraphPod, Direction] = from.pod.hostNetwork
    ? [from, to, 'ingress']
    : [to, from, 'egress']
  const seen = whereHostIsSeen(host, direction, family)
  const granting = reach.outside(pod, direction, family)
  const meeting = granting.filter(({ ranges }) => intersectRanges(ranges, seen).length > 0)
  return meeting.length === 0 ? NO_PORT : unionPortSets(meeting.map(({ ports }) => ports))
}

/** Addresses of the node on which all of these pods are, which always reaches them; none where they are on several. */
export function ownNodeAddresses({ cluster }: World, pods: readonly GraphPod[]): ReadonlySet<string> {
  const nodes = new Set(pods.map(({ pod }) => pod.node))
  const [name] = nodes
  const node = nodes.size === 1 && name !== undefined ? cluster.nodes.get(name) : undefined
  if (node === undefined) return new Set()
  return new Set([...node.addresses, ...node.tunnelAddresses, ...node.bridgeAddresses])
}
