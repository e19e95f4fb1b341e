import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { WHOLE_CLUSTER } from '../../compiler/reach/possible-peer.ts'
import { isBlock } from './edge-lines.ts'

const EVERY_ADDRESS: Readonly<Record<Family, string>> = { IPv4: '0.0.0.0/0', IPv6: '::/0' }

/** Who is meant by other ends as well, and need not be named again. */
export interface MeantByOthers {
  /** On the network of their nodes: of every address, too. */
  readonly hosts: ReadonlySet<string>
  /** Not in the input: of every address, and of the whole cluster. */
  readonly strangers: ReadonlySet<string>
}

/** For people: what passes with every address, or with the whole cluster, is not said again of those who are among them. */
export function withoutRepeats(edges: readonly Edge[], { hosts, strangers }: MeantByOthers): readonly Edge[] {
  const said = new Set(edges.flatMap((edge) => (['from', 'to'] as const).map((end) => words(edge, end, edge[end]))))
  const ends = edges.flatMap(({ from, to }) => [from, to]).filter(isBlock)
  const families = FAMILIES.filter((family) => ends.some((end) => end.includes(':') === (family === 'IPv6')))
  function isMeant(edge: Edge, end: 'from' | 'to'): boolean {
    const name = edge[end]
    if (!hosts.has(name) && !strangers.has(name)) return false
    const asked = edge.family === undefined ? families : [edge.family]
    const isEverywhere = asked.length > 0 && asked.every((family) => said.has(words(edge, end, EVERY_ADDRESS[family])))
    return isEverywhere || (strangers.has(name) && name !== WHOLE_CLUSTER && said.has(words(edge, end, WHOLE_CLUSTER)))
  }
  return edges.filter((edge) => !isMeant(edge, 'from') && !isMeant(edge, 'to'))
}

function words({ from, to, protocol, ports }: Edge, end: 'from' | 'to', name: string): string {
  return JSON.stringify([end, name, end === 'from' ? to : from, protocol, ports])
}
