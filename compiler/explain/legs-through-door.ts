import type { Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { type Node, nodeOf } from '../cluster/node.ts'
import type { Door } from './destination.ts'
import type { Leg, Refusal, Site } from './site.ts'
import { addressSite } from './sources-of.ts'

export interface LegsThroughDoor {
  readonly kind: 'legs'
  readonly legs: readonly Leg[]
  readonly notes: readonly string[]
}

/**
 * What policy sees of a connection to a node's port. The node translates it before its hook, so the pod is judged by its own
 * port. The client's address stays on the pod's own node (kube-proxy masquerades behind the hook); to a pod of another node a
 * connection from outside arrives with the first node's address (core/v1 ServiceSpec.externalTrafficPolicy: Cluster).
 */
export function legsThroughDoor(cluster: Cluster, from: Site, door: Door): LegsThroughDoor | Refusal {
  const { node, asked } = door
  const { family } = asked.address
  const home = from.kind === 'pod' ? nodeOf(cluster.nodes, from.pod) : undefined
  const dialled: Leg[] = []
  const legs: Leg[] = []
  const notes = new Set<string>()
  if (from.kind !== 'pod') arriving(cluster, from, door, legs, notes)
  else {
    if (home === undefined || home === node) fromOwnPod(cluster, from, door, legs, notes)
    if (home === undefined) notes.add(`on which node ${from.name} runs the input does not say: all are answered for`)
    if (home !== node) {
      // Another node's address is no endpoint: egress sees it as it was asked for, and Flannel masquerades what leaves the pods.
      dialled.push({ from, to: addressSite(asked), transport: door.transport, family })
      notes.add(
        `to the address of another node Flannel masquerades pods: behind it policy sees the node of ${from.name}`,
      )
      for (const source of masquerading(from, home, family)) arriving(cluster, source, door, legs, notes)
    }
  }
  if (legs.length > 0) return { kind: 'legs', legs: [...dialled, ...legs], notes: [...notes] }
  const elsewhere = door.targets.flatMap(({ site }) => nodeOfSite(cluster, site)?.name ?? [])
  const problem = `${door.name} leads to pods of ${node.name} only (externalTrafficPolicy: Local), and none is there`
  return {
    kind: 'problem',
    problem,
    hint: `ask at the address of ${[...new Set(elsewhere)].join(', ') || 'another node'}`,
  }
}

/** From outside, or masqueraded. */
function arriving(cluster: Cluster, from: Site, door: Door, legs: Leg[], notes: Set<string>): void {
  const { node, targets, spreads } = door
  const { family } = door.asked.address
  for (const { site: to, transport } of targets) {
    const home = nodeOfSite(cluster, to)
    const mayBeHere = home === undefined || home === node
    if (mayBeHere) legs.push({ from, to, transport, family })
    if (spreads === 'here') {
      if (home === undefined && to.kind !== 'address') notes.add(`a pod of ${to.name} is taken to run on ${node.name}`)
      else
        notes.add(
          `policy sees ${from.name} itself: ${door.name} leads to pods of ${node.name} only and keeps the address`,
        )
    } else if (home !== node && to.kind === 'pod') {
      for (const source of seenFrom(node, family)) legs.push({ from: source, to, transport, family })
      notes.add(forwarded(node))
    }
  }
}

/** From a pod of the door's own node: translated before egress is judged. */
function fromOwnPod(cluster: Cluster, from: Site, door: Door, legs: Leg[], notes: Set<string>): void {
  const { node, targets, spreads } = door
  const { family } = door.asked.address
  for (const { site: to, transport } of targets) {
    if (spreads === 'here' || to.kind !== 'pod' || nodeOfSite(cluster, to) === node) {
      legs.push({ from, to, transport, family })
      continue
    }
    legs.push({ from, to, transport, family, only: 'egress' })
    for (const source of seenFrom(node, family)) legs.push({ from: source, to, transport, family })
    notes.add(forwarded(node))
  }
}

function forwarded(node: Node): string {
  return (
    `externalTrafficPolicy: Cluster: to a pod of another node it goes on with the address of ${node.name}: ` +
    'over VXLAN that of its flannel.1, with host-gw its own; both are asked'
  )
}

/** As other nodes see what this one sends on. */
function seenFrom(node: Node, family: Family): readonly Site[] {
  const tunnel = sitesAt(`${node.name} over VXLAN`, node.tunnelAddresses, family)
  const own = sitesAt(`${node.name} with host-gw`, node.addresses, family)
  return tunnel.length > 0 && own.length > 0
    ? [...tunnel, ...own]
    : [{ kind: 'host', name: `node ${node.name}`, node: undefined }]
}

/** As another node sees what a pod sends to its address. */
function masquerading(from: Site, home: Node | undefined, family: Family): readonly Site[] {
  const sites = home === undefined ? [] : sitesAt(`node ${home.name}`, home.addresses, family)
  return sites.length > 0 ? sites : [{ kind: 'host', name: `the node of ${from.name}`, node: undefined }]
}

function sitesAt(name: string, addresses: readonly string[], family: Family): readonly Site[] {
  return addresses.flatMap((text) => {
    const address = parseAddress(text)
    return address?.family === family ? [{ kind: 'address', name: `${name} (${text})`, address } as const] : []
  })
}

function nodeOfSite(cluster: Cluster, site: Site): Node | undefined {
  return site.kind === 'pod' ? nodeOf(cluster.nodes, site.pod) : undefined
}
