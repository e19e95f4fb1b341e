import type { PageData, PageNode, PageState } from '../page-data.ts'
import type { ReachIndex, WantedPort } from './reach-index.ts'

/** What the reader asks for; empty and undefined: everything. */
export interface Wanted {
  readonly words: string
  readonly namespace: number | undefined
  readonly direction: 'both' | 'in' | 'out'
  /** As typed: `5432`, `53/UDP`, `icmp`. */
  readonly port: string
  readonly states: ReadonlySet<PageState>
}

export interface PageFilter {
  /** `undefined`: any port. `unreadable`: what was typed is none. */
  readPort(text: string): WantedPort | 'unreadable' | undefined
  /** The nodes that are asked for, in their order. */
  select(wanted: Wanted): readonly PageNode[]
}

/** Finds nodes by words of their names and of their pods' names, by namespace, by state, and by a port that they use. */
export function createPageFilter(data: PageData, index: ReachIndex): PageFilter {
  const texts = data.nodes.map(({ id, detail, pods }) => `${id} ${detail} ${pods.join(' ')}`.toLowerCase())
  const count = data.rowOf.length
  let last: { readonly question: string; readonly uses: readonly boolean[] } | undefined

  function readPort(text: string): WantedPort | 'unreadable' | undefined {
    const typed = text.trim().toUpperCase()
    if (typed === '') return undefined
    if (typed === 'ICMP') return { protocol: 'other', port: 0 }
    const match = /^(\d{1,5})(?:\/(TCP|UDP|SCTP))?$/.exec(typed)
    const port = Number(match?.[1] ?? 0)
    if (match === null || port < 1 || port > 65535) return 'unreadable'
    return { protocol: (match[2] as 'TCP' | 'UDP' | 'SCTP' | undefined) ?? 'any', port }
  }

  /** For each class, whether it is reached (or reaches, or either) on the port; the last answer is kept. */
  function classesUsing(wanted: WantedPort, direction: Wanted['direction']): readonly boolean[] {
    const question = `${wanted.protocol} ${wanted.port} ${direction}`
    if (last?.question !== question) last = { question, uses: findUsing(wanted, direction) }
    return last.uses
  }

  function findUsing(wanted: WantedPort, direction: Wanted['direction']): readonly boolean[] {
    const passing = index.reachesWith(wanted)
    const uses = Array.from({ length: count }, () => false)
    for (let from = 0; from < count; from += 1) {
      for (let to = 0; to < count; to += 1) {
        if (passing[index.at(from, to)] !== true) continue
        if (direction !== 'in') uses[from] = true
        if (direction !== 'out') uses[to] = true
      }
    }
    const outside = (list: PageData['outside']['ingress'], own: number) =>
      (list[own] ?? []).some(({ ports }) => index.holds(ports, wanted))
    return uses.map(
      (used, own) =>
        used ||
        (direction !== 'in' && outside(data.outside.egress, own)) ||
        (direction !== 'out' && outside(data.outside.ingress, own)),
    )
  }

  return {
    readPort,
    select({ words, namespace, direction, port, states }) {
      const parts = words
        .toLowerCase()
        .split(/\s+/)
        .filter((part) => part !== '')
      const wantedPort = readPort(port)
      const using = typeof wantedPort === 'object' ? classesUsing(wantedPort, direction) : undefined
      return data.nodes.filter(
        (node, position) =>
          (namespace === undefined || node.namespace === namespace) &&
          (states.size === 0 || states.has(node.state)) &&
          parts.every((part) => texts[position]?.includes(part)) &&
          (using === undefined || using[node.class] === true),
      )
    },
  }
}
