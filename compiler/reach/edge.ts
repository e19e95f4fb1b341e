import type { Family } from '../addresses/address.ts'
import type { Protocol } from '../objects/protocol.ts'
import { type PortSet, portSetKey, portTexts } from './port-set.ts'

/** One end may connect to the other: design's word for what `graph` and `diff` print. */
export interface Edge {
  /** `namespace/name` of a pod or workload, or a CIDR: addresses that no pod of the input owns. */
  readonly from: string
  readonly to: string
  /** `*`: every protocol, ICMP too; `other`: every protocol that a policy cannot name, with ports `*`. */
  readonly protocol: Protocol | 'other' | '*'
  /** `80`, `80-90` or `*`. */
  readonly ports: string
  /** Only where both ends have two families and the edge holds in one of them. */
  readonly family?: Family
}

/** The edges between two ends, from what each family that both have allows. */
export function edgesBetween(from: string, to: string, allowed: ReadonlyMap<Family, PortSet>): readonly Edge[] {
  const sets = [...allowed]
  const [first] = sets
  if (first === undefined) return []
  if (sets.every(([, set]) => portSetKey(set) === portSetKey(first[1]))) {
    return portTexts(first[1]).map((text) => ({ from, to, ...text }))
  }
  const edges = sets.flatMap(([family, set]) => portTexts(set).map((text): Edge => ({ from, to, ...text, family })))
  // Near everything, what differs is told by family as a whole: 'everything but TCP 80 (IPv4 only)'.
  if (sets.some(([, { other }]) => other)) return edges
  // What holds in every family is one edge, whatever else differs.
  const everywhere = (edge: Edge) => edges.filter((one) => sameConnection(one, edge)).length === sets.length
  const [firstFamily] = first
  return edges.flatMap((edge): readonly Edge[] => {
    if (!everywhere(edge)) return [edge]
    const { family, ...rest } = edge
    return family === firstFamily ? [rest] : []
  })
}

function sameConnection(left: Edge, right: Edge): boolean {
  return left.protocol === right.protocol && left.ports === right.ports
}

/** By ends, then protocol, then port: the order in which everything is printed. */
export function byEnds(left: Edge, right: Edge): number {
  return (
    compare(left.from, right.from) ||
    compare(left.to, right.to) ||
    compare(left.protocol, right.protocol) ||
    Number.parseInt(left.ports, 10) - Number.parseInt(right.ports, 10) ||
    compare(left.family ?? '', right.family ?? '')
  )
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
