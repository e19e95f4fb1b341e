import type { Family } from '../addresses/address.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Reach } from './create-reach.ts'
import { EVERY_PORT, type PortSet } from './port-set.ts'

const NOTHING: ReadonlyMap<Family, PortSet> = new Map()

/**
 * What passes from the pods of one node of a picture to those of another, or among those of one; of a single pod to itself
 * nothing is said. A node of the cluster and its own pods always reach each other (docs/semantics.md), so between pods on
 * their node's network and pods that are all on that node everything passes.
 */
export function betweenNodes(
  reach: Reach,
  from: readonly GraphPod[],
  to: readonly GraphPod[],
): ReadonlyMap<Family, PortSet> {
  const [source] = from
  const destination = from === to ? to[1] : to[0]
  if (source === undefined || destination === undefined) return NOTHING
  const allowed = reach.between(source, destination)
  const isHost = source.pod.hostNetwork || destination.pod.hostNetwork
  if (!isHost || !areOnOneNode(from, to)) return allowed
  return new Map([...allowed.keys()].map((family) => [family, EVERY_PORT]))
}

function areOnOneNode(from: readonly GraphPod[], to: readonly GraphPod[]): boolean {
  const node = from[0]?.pod.node
  return node !== undefined && [from, to].every((members) => members.every(({ pod }) => pod.node === node))
}
