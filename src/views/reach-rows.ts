import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { isBlock, portsText } from './edge-lines.ts'
import { outsideText } from './outside-text.ts'
import { isFree, stateOf } from './picture.ts'
import type { Cited } from './rules-behind.ts'
import { withoutRepeats } from './without-repeats.ts'

/** One line of a table: what passes from one end to another, and why. */
export interface ReachRow {
  readonly from: string
  readonly to: string
  readonly ports: string
  readonly why: readonly Cited[]
}

/** Rows for people to read: blocks with the same ports and reasons are one row. */
export function reachRows(
  edges: readonly Edge[],
  why: (edges: readonly Edge[]) => readonly Cited[],
): readonly ReachRow[] {
  const rows = new Map<string, { from: string[]; to: string[]; ports: string; why: readonly Cited[] }>()
  for (const pair of Map.groupBy(edges, ({ from, to }) => `${from} → ${to}`).values()) {
    const [{ from, to } = { from: '', to: '' }] = pair
    const row = { from: [from], to: [to], ports: portsText(pair), why: why(pair) }
    const key = JSON.stringify([endKey(from), endKey(to), row.ports, row.why.map(({ name }) => name)])
    const known = rows.get(key)
    if (known === undefined) rows.set(key, row)
    else {
      if (isBlock(from)) known.from.push(from)
      if (isBlock(to)) known.to.push(to)
    }
  }
  return [...rows.values()].map((row) => ({ ...row, from: endText(row.from), to: endText(row.to) }))
}

/**
 * Edges worth a line: those in which some policy has a say, since between free ends everything passes; of an overview of
 * namespaces all. What is said of every address is not said again.
 */
export function spokenEdges({ by, nodes, possible, edges }: ReachGraph): readonly Edge[] {
  const strangers = new Set(possible.map(({ peer }) => peer.id))
  const hosts = new Set(nodes.filter(({ hostNetwork }) => hostNetwork).map(({ id }) => id))
  const spoken = withoutRepeats(edges, { hosts, strangers })
  if (by === 'namespace') return spoken
  const states = new Map(nodes.map((node) => [node.id, stateOf(node)]))
  for (const { peer, pod } of possible) states.set(peer.id, stateOf({ ...pod, hostNetwork: false }))
  return spoken.filter(
    ({ from, to }) => !isFree(states.get(from) ?? 'open', 'from') || !isFree(states.get(to) ?? 'open', 'to'),
  )
}

function endKey(end: string): string {
  if (!isBlock(end)) return end
  return end.includes(':') ? 'IPv6' : 'IPv4'
}

function endText(ends: readonly string[]): string {
  const [first = ''] = ends
  return isBlock(first) ? outsideText(ends) : first
}
