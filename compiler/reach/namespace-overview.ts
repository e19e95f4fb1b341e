import { FAMILIES, type Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { byEnds, type Edge, edgesBetween } from './edge.ts'
import type { ReachNode } from './fold.ts'
import { portSetOfTexts } from './port-set.ts'
import type { ReachGraph } from './reach-graph.ts'

/**
 * Each namespace as one node, whatever its pods are like: an edge is what some pod of the one may with some pod of the
 * other, within a namespace with another pod of it. Pods on the network of their nodes are a node of their own for each
 * namespace. Isolated is a namespace all pods of which are.
 */
export function namespaceOverview({ nodes, possible, blocks, edges }: ReachGraph): ReachGraph {
  const folded = [...Map.groupBy(nodes, idOf)].map(([id, members]) => joined(id, members))
  const idsOf = new Map(nodes.map((node) => [node.id, idOf(node)]))
  const idOfEnd = (end: string): string => idsOf.get(end) ?? end
  const familiesOf = createFamiliesOf(nodes)
  const joinedFamilies = createFamiliesOf(folded)
  const pairs = Map.groupBy(edges, ({ from, to }) => JSON.stringify([idOfEnd(from), idOfEnd(to)]))
  const all = [...pairs].flatMap(([key, list]) => {
    const [from = '', to = ''] = JSON.parse(key) as readonly string[]
    const shared = familiesOfPair(joinedFamilies, from, to)
    return joinedEdges(from, to, list, shared, (edge) => familiesOfPair(familiesOf, edge.from, edge.to))
  })
  return {
    by: 'namespace',
    nodes: folded.sort((left, right) => (left.id < right.id ? -1 : 1)),
    possible,
    blocks,
    edges: all.sort(byEnds),
  }
}

function idOf({ namespace, hostNetwork }: ReachNode): string {
  return `${namespace}/*${hostNetwork ? ' (host network)' : ''}`
}

function joined(id: string, nodes: readonly ReachNode[]): ReachNode {
  const [first] = nodes
  if (first === undefined) throw new Error('a namespace has a node')
  const { namespace, hostNetwork } = first
  return {
    id,
    kind: 'namespace',
    namespace,
    workload: undefined,
    members: nodes.flatMap(({ members }) => members),
    hostNetwork,
    ingress: nodes.some(({ ingress }) => ingress === 'open') ? 'open' : first.ingress,
    egress: nodes.some(({ egress }) => egress === 'open') ? 'open' : first.egress,
  }
}

type FamiliesOf = (end: string) => readonly Family[]

/** The families of each node's pods; of a node whose addresses are not known, and of all other ends, those of any pod. */
function createFamiliesOf(nodes: readonly ReachNode[]): FamiliesOf {
  const known = new Map(nodes.map(({ id, members }) => [id, familiesOfAddresses(members.flatMap(addressesOf))]))
  const all = FAMILIES.filter((family) => [...known.values()].some((families) => families.includes(family)))
  const usual = all.length === 0 ? (['IPv4'] as const) : all
  return (end) => {
    const block = known.has(end) ? undefined : parseBlock(end)?.block
    if (block !== undefined) return [block.family]
    const own = known.get(end) ?? []
    return own.length === 0 ? usual : own
  }
}

function addressesOf({ pod, addresses }: GraphPod): readonly string[] {
  return pod.hostNetwork ? pod.addresses : addresses
}

function familiesOfAddresses(addresses: readonly string[]): readonly Family[] {
  return FAMILIES.filter((family) => addresses.some((text) => parseAddress(text)?.family === family))
}

function familiesOfPair(familiesOf: FamiliesOf, from: string, to: string): readonly Family[] {
  const others = familiesOf(to)
  return familiesOf(from).filter((family) => others.includes(family))
}

/** In each family that both have, what holds in it between some of their pods. */
function joinedEdges(
  from: string,
  to: string,
  edges: readonly Edge[],
  shared: readonly Family[],
  familiesOf: (edge: Edge) => readonly Family[],
): readonly Edge[] {
  const names = new Map(
    edges
      .filter(({ ports }) => /[a-z]/.test(ports))
      .map((edge) => [JSON.stringify([edge.protocol, edge.ports, edge.family]), { ...edge, from, to }]),
  )
  const numbers = edges.filter(({ ports }) => !/[a-z]/.test(ports))
  const holds = (edge: Edge, family: Family): boolean =>
    edge.family === undefined ? familiesOf(edge).includes(family) : edge.family === family
  const sets = shared.map((family) => [family, portSetOfTexts(numbers.filter((edge) => holds(edge, family)))] as const)
  return [...edgesBetween(from, to, new Map(sets)), ...names.values()]
}
