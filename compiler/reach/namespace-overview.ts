import type { Family } from '../addresses/address.ts'
import { byEnds, type Edge, edgesBetween } from './edge.ts'
import type { ReachNode } from './fold.ts'
import { type PortSet, portSetOfTexts, unionPortSets } from './port-set.ts'
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
  const pairs = Map.groupBy(edges, ({ from, to }) => JSON.stringify([idOfEnd(from), idOfEnd(to)]))
  const all = [...pairs].flatMap(([key, list]) => {
    const [from = '', to = ''] = JSON.parse(key) as readonly string[]
    return joinedEdges(from, to, list)
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

/** What holds in one family only stays so, unless the same holds in the other elsewhere in the namespace. */
function joinedEdges(from: string, to: string, edges: readonly Edge[]): readonly Edge[] {
  const names = new Map(
    edges
      .filter(({ ports }) => /[a-z]/.test(ports))
      .map((edge) => [JSON.stringify([edge.protocol, edge.ports, edge.family]), { ...edge, from, to }]),
  )
  const numbers = edges.filter(({ ports }) => !/[a-z]/.test(ports))
  const both = numbers.every(({ family }) => family === undefined)
  const inFamily = (family: Family): PortSet =>
    unionPortSets([portSetOfTexts(numbers.filter((edge) => (edge.family ?? family) === family))])
  const sets = (both ? (['IPv4'] as const) : (['IPv4', 'IPv6'] as const)).map(
    (family) => [family, inFamily(family)] as const,
  )
  return [...edgesBetween(from, to, new Map(sets)), ...names.values()]
}
