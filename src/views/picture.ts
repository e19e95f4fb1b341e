import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'
import { foldedEdges } from './edge-lines.ts'

/** How far policies isolate a box: the one thing that has to be seen at a glance. */
export type BoxState = 'open' | 'isolated' | 'ingress isolated' | 'egress isolated'

/** Pods that behave alike, addresses outside, or whoever is free. */
export interface Box {
  readonly id: string
  /** Without the namespace, which is drawn around it. */
  readonly label: string
  /** undefined: outside of the cluster, or it stands for many. */
  readonly namespace: string | undefined
  readonly state: BoxState
  /** Of what kind, and how many pods: `Deployment, 3 pods`. */
  readonly detail: string
}

export interface Arrow {
  readonly from: string
  readonly to: string
  /** `TCP 80, 443; UDP 53` or `everything`. */
  readonly ports: string
}

/** What drawings draw: boxes by namespace, and arrows where some policy had a say. */
export interface Picture {
  readonly boxes: readonly Box[]
  /** Only into boxes isolated for ingress, and out of boxes isolated for egress: between open ends everything passes. */
  readonly arrows: readonly Arrow[]
}

/** Ends that stand for many: whoever is not isolated in that direction itself, with the addresses outside or without. */
export const ANYONE = 'anyone'
export const EVERY_POD = 'every pod'

/** So many arrows are still drawn one by one. */
const FEW = 2

/** The drawing of a reach graph; in the order of names. */
export function pictureOf({ nodes, edges }: ReachGraph): Picture {
  const states = new Map(nodes.map((node) => [node.id, stateOf(node)]))
  const said = edges.filter(({ from, to }) => {
    const source = states.get(from) ?? 'open'
    const target = states.get(to) ?? 'open'
    return (
      source === 'isolated' || source === 'egress isolated' || target === 'isolated' || target === 'ingress isolated'
    )
  })
  const arrows = gathered(foldedEdges(said), states)
  const outside = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].filter((end) => !states.has(end)).sort()
  return {
    boxes: [
      ...nodes.map((node): Box => ({ id: node.id, ...labelOf(node), namespace: node.namespace, state: stateOf(node) })),
      ...outside.map((id): Box => ({ id, label: id, namespace: undefined, state: 'open', detail: 'outside' })),
    ],
    arrows,
  }
}

/** Is it free to connect to others (`from`), or to be connected to (`to`), as far as it is asked itself? */
export function isFree(state: BoxState, side: Side): boolean {
  return state === 'open' || state === (side === 'from' ? 'ingress isolated' : 'egress isolated')
}

type Side = 'from' | 'to'

/** Where all that are free reach one box on the same ports, or are reached by it, one arrow says so for all of them. */
function gathered(arrows: readonly Arrow[], states: ReadonlyMap<string, BoxState>): readonly Arrow[] {
  return gatheredAt(gatheredAt(arrows, states, 'from'), states, 'to')
}

function gatheredAt(arrows: readonly Arrow[], states: ReadonlyMap<string, BoxState>, side: Side): readonly Arrow[] {
  const other = side === 'from' ? 'to' : 'from'
  const free = [...states].filter(([, state]) => isFree(state, side)).map(([id]) => id)
  const groups = Map.groupBy(arrows, (arrow) => JSON.stringify([arrow[other], arrow.ports]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const ends = new Set(group.map((arrow) => arrow[side]))
    const meant = free.filter((id) => id !== first[other])
    if (meant.length <= FEW || !states.has(first[other]) || !meant.every((id) => ends.has(id))) return group
    const everywhere = [...ends].filter((end) => end === '0.0.0.0/0' || end === '::/0')
    const gone = new Set([...meant, ...everywhere])
    const stands = { ...first, [side]: everywhere.length > 0 ? ANYONE : EVERY_POD }
    return [stands, ...group.filter((arrow) => !gone.has(arrow[side]))]
  })
}

export function stateOf({ ingress, egress }: ReachNode): BoxState {
  if (ingress === 'open') return egress === 'open' ? 'open' : 'egress isolated'
  return egress === 'open' ? 'ingress isolated' : 'isolated'
}

/** How a box is labelled: its name in its namespace, and of what kind and how many it is. */
export function labelOf({ id, namespace, kind, workload, members }: ReachNode): {
  readonly label: string
  readonly detail: string
} {
  const label = id.startsWith(`${namespace}/`) ? id.slice(namespace.length + 1) : id
  const standsIn = members.length === 1 && members[0]?.pod.standIn === true
  const count = `${members.length} pod${members.length === 1 ? '' : 's'}`
  if (kind === 'namespace') return { label: 'all pods', detail: count }
  if (kind === 'pod') return { label, detail: workload === undefined ? 'Pod' : `Pod of a ${workload}` }
  return { label, detail: standsIn ? (workload ?? '') : `${workload ?? ''}, ${count}` }
}
