import { portText } from '../../compiler/flows/fold-rows.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { foldedEdges } from './edge-lines.ts'
import type { LaidFlow } from './lay-flows.ts'

/**
 * What was seen of an arrow. `never`: nothing, though it may; `gone`: it passed, and may not any more; `not known`: it passed, and whether it
 * may the input does not say; `refused`: it was tried.
 */
export interface Use {
  readonly kind: 'used' | 'never' | 'gone' | 'not known' | 'refused'
  readonly count: number
}

/** An arrow with what was seen of it. */
export interface SeenArrow {
  readonly from: string
  readonly to: string
  readonly ports: string
  readonly use: Use
}

export interface SeenArrows {
  readonly arrows: readonly SeenArrow[]
  /** Of the drawn edges those that nothing was seen to use. */
  readonly unused: readonly Edge[]
  /** The pairs of ends of the others: `from to`. */
  readonly pairs: ReadonlySet<string>
}

/** More ends than these that are no box of their own are one. */
const MOST_OTHERS = 6
const MOST_PORTS = 4

/** `drawn`: the edges that have an arrow by themselves; `isBox`: is it an end of the drawing anyway? */
export function seenArrows(
  flows: readonly LaidFlow[],
  drawn: readonly Edge[],
  isBox: (end: string) => boolean,
): SeenArrows {
  const isDrawn = new Set(drawn)
  const counts = new Map<Edge, number>()
  const others: (LaidFlow & Pick<Use, 'kind'>)[] = []
  for (const flow of flows) {
    const edge = flow.flow.verdict === 'denied' ? undefined : flow.edges.find((one) => isDrawn.has(one))
    if (edge !== undefined) counts.set(edge, (counts.get(edge) ?? 0) + flow.flow.count)
    else others.push({ ...flow, kind: kindOf(flow) })
  }
  const pairs = Map.groupBy(counts.keys(), pairOf)
  const used = [...pairs.values()].flatMap((edges) => {
    const count = edges.reduce((sum, edge) => sum + (counts.get(edge) ?? 0), 0)
    return foldedEdges(edges).map((arrow): SeenArrow => ({ ...arrow, use: { kind: 'used', count } }))
  })
  return {
    arrows: [...used, ...otherArrows(others, isBox)].toSorted((left, right) => compare(keyOf(left), keyOf(right))),
    unused: drawn.filter((edge) => !counts.has(edge)),
    pairs: new Set(pairs.keys()),
  }
}

/** Of a flow that no drawn edge stands for. */
export function kindOf({ flow, allowed }: Pick<LaidFlow, 'flow' | 'allowed'>): Exclude<Use['kind'], 'never'> {
  if (flow.verdict === 'denied') return 'refused'
  return ({ yes: 'used', no: 'gone', 'not known': 'not known' } as const)[allowed]
}

export function pairOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${from} ${to}`
}

/** Which no drawn edge stands for: by ends and kind, with the ports that were seen. */
function otherArrows(
  flows: readonly (LaidFlow & Pick<Use, 'kind'>)[],
  isBox: (end: string) => boolean,
): readonly SeenArrow[] {
  const strange = new Set(flows.flatMap(({ from, to }) => [from, to].filter((end) => !isBox(end))))
  const nameOf = (end: string): string =>
    isBox(end) || strange.size <= MOST_OTHERS ? end : `${strange.size} others, outside or not in the input`
  const groups = Map.groupBy(flows, ({ from, to, kind }) => JSON.stringify([nameOf(from), nameOf(to), kind]))
  return [...groups.values()].flatMap((group): readonly SeenArrow[] => {
    const [first] = group
    if (first === undefined) return []
    const count = group.reduce((sum, { flow }) => sum + flow.count, 0)
    const ports = [...new Set(group.map(({ flow }) => portWords(portText(flow.carries))))].toSorted()
    const rest = ports.length - MOST_PORTS
    const shown = rest > 1 ? [...ports.slice(0, MOST_PORTS), `${rest} more`] : ports
    return [
      { from: nameOf(first.from), to: nameOf(first.to), ports: shown.join(', '), use: { kind: first.kind, count } },
    ]
  })
}

/** As edges have it: `TCP 5432`. */
function portWords(port: string): string {
  const [number, protocol] = port.split('/')
  return protocol === undefined ? port : `${protocol} ${number}`
}

/** `120×`, `never`; what is written beside the ports, and in a tooltip. */
export function useText({ kind, count }: Use): string {
  const times = `${count.toLocaleString('en')}×`
  switch (kind) {
    case 'used':
    case 'not known':
      return times
    case 'never':
      return 'never seen'
    case 'gone':
      return `${times}, not allowed now`
    case 'refused':
      return `refused ${times}`
  }
}

function keyOf({ from, to, ports, use }: SeenArrow): string {
  return JSON.stringify([from, to, use.kind, ports])
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
