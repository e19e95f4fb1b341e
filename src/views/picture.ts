import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import type { GraphPod } from '../../compiler/graph/allow-graph.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'
import type { Entry } from '../../compiler/explain/entries.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { foldedEdges } from './edge-lines.ts'
import { entryMark } from './entries-text.ts'
import type { LaidFlow } from './lay-flows.ts'
import { pairOf, seenArrows, type SeenArrows, type Use } from './seen-arrows.ts'
import { withoutRepeats } from './without-repeats.ts'

/** How far policies isolate a box, or that none can: the one thing that has to be seen at a glance. */
export type BoxState = 'open' | 'isolated' | 'ingress isolated' | 'egress isolated' | 'host network'

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
  /** Where flows are laid over it, and policy has a say or something was seen. */
  readonly use?: Use | undefined
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

/** The drawing of a reach graph, of the ways from outside into it, and of what was seen; in the order of names. */
export function pictureOf(
  { nodes, possible, edges }: ReachGraph,
  ways: readonly Entry[] = [],
  flows?: readonly LaidFlow[],
): Picture {
  const states = new Map(nodes.map((node) => [node.id, stateOf(node)]))
  const strangers = new Set(possible.map(({ peer }) => peer.id))
  const said = withoutRepeats(edges, { hosts: new Set(), strangers }).filter(({ from, to }) => {
    const source = states.get(from) ?? 'open'
    const target = states.get(to) ?? 'open'
    return (
      source === 'isolated' || source === 'egress isolated' || target === 'isolated' || target === 'ingress isolated'
    )
  })
  const seen = flows && seenArrows(flows, said, (end) => states.has(end) || strangers.has(end))
  const allowed = seen === undefined ? gathered(foldedEdges(said), states) : neverArrows(seen, states)
  const arrows = [...allowed, ...(seen?.arrows ?? []), ...ways.map(wayArrow)]
  const outside = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].filter((end) => !states.has(end)).sort()
  return {
    boxes: [
      ...nodes.map((node): Box => ({ id: node.id, ...labelOf(node), namespace: node.namespace, state: stateOf(node) })),
      ...outside.map((id): Box => {
        const [label, detail] = strangers.has(id)
          ? [`${id} (not in the input)`, 'not in the input']
          : [wayLabel(id, ways), 'outside']
        return { id, label, namespace: undefined, state: 'open', detail }
      }),
    ],
    arrows,
  }
}

/** Who may and was not seen to: for all that are free one arrow, also where some of them were seen. */
function neverArrows({ unused, pairs }: SeenArrows, states: ReadonlyMap<string, BoxState>): readonly Arrow[] {
  return gathered(foldedEdges(unused), states, pairs).map((arrow) => ({ ...arrow, use: { kind: 'never', count: 0 } }))
}

/** From an Ingress or HTTPRoute to where it leads, whether or not it gets there. */
function wayArrow(way: Entry): Arrow {
  const { by, to, asked, ports } = way
  return { from: by, to, ports: [printable(asked), entryMark(way), ports].filter((part) => part !== '').join(' ') }
}

/** An Ingress with its controllers. */
function wayLabel(id: string, ways: readonly Entry[]): string {
  const through = [...new Set(ways.filter(({ by }) => by === id).flatMap((way) => way.through))]
  return through.length === 0 ? id : `${id} through ${through.join(', ')}`
}

/** Is it free to connect to others (`from`), or to be connected to (`to`), as far as it is asked itself? */
export function isFree(state: BoxState, side: Side): boolean {
  return (
    state === 'open' || state === 'host network' || state === (side === 'from' ? 'ingress isolated' : 'egress isolated')
  )
}

type Side = 'from' | 'to'

/** Where all that are free reach one box on the same ports, or are reached by it, one arrow says so for all of them. */
function gathered(
  arrows: readonly Arrow[],
  states: ReadonlyMap<string, BoxState>,
  apart: ReadonlySet<string> = new Set(),
): readonly Arrow[] {
  return gatheredAt(gatheredAt(arrows, states, 'from', apart), states, 'to', apart)
}

/** `apart`: pairs that have arrows of their own. */
function gatheredAt(
  arrows: readonly Arrow[],
  states: ReadonlyMap<string, BoxState>,
  side: Side,
  apart: ReadonlySet<string>,
): readonly Arrow[] {
  const other = side === 'from' ? 'to' : 'from'
  const free = [...states].filter(([, state]) => isFree(state, side)).map(([id]) => id)
  // Who is on the network of a node is an address to policy: it is among anyone, and not among every pod.
  const hosts = free.filter((id) => states.get(id) === 'host network')
  const groups = Map.groupBy(arrows, (arrow) => JSON.stringify([arrow[other], arrow.ports]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const ends = new Set(group.map((arrow) => arrow[side]))
    const isApart = (id: string): boolean => apart.has(pairOf({ ...first, [side]: id }))
    const meant = free.filter((id) => id !== first[other] && !hosts.includes(id) && !isApart(id))
    if (meant.length <= FEW || !states.has(first[other]) || !meant.every((id) => ends.has(id))) return group
    const everywhere = [...ends].filter((end) => end === '0.0.0.0/0' || end === '::/0')
    const gone = new Set([...meant, ...everywhere, ...(everywhere.length > 0 ? hosts : [])])
    const stands = { ...first, [side]: everywhere.length > 0 ? ANYONE : EVERY_POD }
    return [stands, ...group.filter((arrow) => !gone.has(arrow[side]))]
  })
}

export function stateOf({
  ingress,
  egress,
  hostNetwork,
}: Pick<ReachNode, 'ingress' | 'egress' | 'hostNetwork'>): BoxState {
  if (hostNetwork) return 'host network'
  if (ingress === 'open') return egress === 'open' ? 'open' : 'egress isolated'
  return egress === 'open' ? 'ingress isolated' : 'isolated'
}

/** How a box is labelled: its name in its namespace, and of what kind and how many it is. */
export function labelOf({ id, namespace, kind, workload, members, hostNetwork }: ReachNode): {
  readonly label: string
  readonly detail: string
} {
  const label = id.startsWith(`${namespace}/`) ? id.slice(namespace.length + 1) : id
  const standsIn = members.length === 1 && members[0]?.pod.standIn === true
  const count = `${members.length} pod${members.length === 1 ? '' : 's'}`
  if (kind === 'namespace') return { label: hostNetwork ? 'on the network of nodes' : 'all pods', detail: count }
  const where = hostNetwork ? `, ${networkText(members)}` : ''
  if (kind === 'pod') return { label, detail: `${workload === undefined ? 'Pod' : `Pod of a ${workload}`}${where}` }
  return { label, detail: `${standsIn ? (workload ?? '') : `${workload ?? ''}, ${count}`}${where}` }
}

function networkText(members: readonly GraphPod[]): string {
  const [node, ...others] = nodesOf(members)
  if (node === undefined) return 'network of its node'
  return others.length === 0 ? `network of ${node}` : `networks of ${others.length + 1} nodes`
}

/** The cluster's nodes that pods are on, sorted; none in files. */
export function nodesOf(members: readonly GraphPod[]): readonly string[] {
  return [...new Set(members.flatMap(({ pod }) => pod.node ?? []))].sort()
}
