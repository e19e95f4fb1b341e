import type { Family } from '../addresses/address.ts'
import type { AllowGraph, GraphPod, Isolation } from '../graph/allow-graph.ts'
import { type Peer, peersAllow } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import type { NamedPort } from '../objects/objects.ts'
import { EVERY_PORT, intersectPortSets, NO_PORT, type PortSet, portSetOfGrant, unionPortSets } from './port-set.ts'

/** On what ports one pod may connect to another in a family that both have; the judgement is that of `judge`. */
export function allowedPorts(graph: AllowGraph, from: GraphPod, to: GraphPod, family: Family): PortSet {
  const source = peerOf(from, family)
  const destination = peerOf(to, family)
  if (source === undefined || destination === undefined) return NO_PORT
  return intersectPortSets(
    grantedPorts(graph, from.egress, destination, to.pod.ports),
    grantedPorts(graph, to.ingress, source, to.pod.ports),
  )
}

/** On what ports one direction lets this peer pass; `destination`: the named ports of the pod that is connected to. */
export function grantedPorts(
  graph: AllowGraph,
  isolation: Isolation,
  peer: Peer,
  destination: readonly NamedPort[],
): PortSet {
  if (isolation === 'open') return EVERY_PORT
  const granting = isolation.list.filter(({ peers }) => peersAllow(graph, peers, peer))
  return unionPortSets(granting.map(({ ports }) => portSetOfGrant(ports, destination)))
}
