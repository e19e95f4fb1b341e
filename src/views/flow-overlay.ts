import { blockContains, hostBlock } from '../../compiler/addresses/block-range.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { endsHere } from '../../compiler/flows/ends-here.ts'
import type { FlowList, RecordedEnd } from '../../compiler/flows/flow-list.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import { podsOfEnd } from '../../compiler/flows/judge-flow.ts'
import { recordedEndText } from '../../compiler/flows/recorded-end-text.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { spokenEdges } from './reach-rows.ts'

/** What was seen, laid over who may: who does, and who tried. */
export interface FlowOverlay {
  /** Seen to pass, between nodes of the graph and everybody; once for each port, by ends. */
  readonly used: readonly SeenEdge[]
  /** Denied, the same. */
  readonly refused: readonly SeenEdge[]
  /** Edges in which some policy has a say, and by which nothing was seen to pass. */
  readonly unused: readonly Edge[]
}

export interface SeenEdge {
  /** Id of a node; else as flows call it: an address, `node NAME (ADDRESS)`, or a name that the graph has not. */
  readonly from: string
  readonly to: string
  /** `5432/TCP`, `ping`. */
  readonly port: string
  readonly count: number
  /** RFC 3339. */
  readonly lastSeen: string
}

/** Late answers are nobody's attempts, and left out. */
export function flowOverlay({ graph }: Cluster, reach: ReachGraph, { flows }: Pick<FlowList, 'flows'>): FlowOverlay {
  const { find } = endsHere(graph)
  const ids = new Map(reach.nodes.flatMap(({ id, members }) => members.map(({ pod }) => [podKey(pod), id] as const)))
  const nameOf = (end: RecordedEnd): string => {
    const here = find(end)
    const [pod] = here.kind === 'pods' ? podsOfEnd(here) : []
    return (pod === undefined ? undefined : ids.get(podKey(pod.pod))) ?? recordedEndText(end)
  }
  const [used, refused] = [new Map<string, SeenEdge>(), new Map<string, SeenEdge>()]
  const passed = new Set<Edge>()
  const edges = spokenEdges(reach)
  const between = Map.groupBy(edges, ({ from, to }) => `${from} ${to}`)
  const outside = edges.filter(({ from, to }) => parseBlock(from) !== undefined || parseBlock(to) !== undefined)
  for (const { source, destination, carries, verdict, lateAnswer, count, lastSeen } of flows) {
    if (lateAnswer || source.address === destination.address) continue
    const seen = { from: nameOf(source), to: nameOf(destination), port: portText(carries), count, lastSeen }
    addSeen(verdict === 'denied' ? refused : used, seen)
    if (verdict === 'denied') continue
    for (const edge of [...(between.get(`${seen.from} ${seen.to}`) ?? []), ...outside]) {
      if (!isEnd(edge.from, seen.from, source.address) || !isEnd(edge.to, seen.to, destination.address)) continue
      if ('port' in carries ? hasPort(edge, carries) : ['*', 'other'].includes(edge.protocol)) passed.add(edge)
    }
  }
  const known = new Set(reach.nodes.map(({ id }) => id))
  const isHere = (end: string): boolean => known.has(end) || parseBlock(end) !== undefined
  const unused = edges.filter((edge) => !passed.has(edge) && isHere(edge.from) && isHere(edge.to))
  return { used: [...used.values()].sort(byEnds), refused: [...refused.values()].sort(byEnds), unused }
}

function isEnd(end: string, name: string, address: string): boolean {
  if (end === name) return true
  const [block, own] = [parseBlock(end)?.block, parseAddress(address)]
  return block !== undefined && own !== undefined && !name.includes('/') && blockContains(block, hostBlock(own))
}

function hasPort({ protocol, ports }: Edge, carries: { readonly protocol: string; readonly port: number }): boolean {
  if (protocol === '*') return true
  if (protocol !== carries.protocol) return false
  const [from = 0, to = from] = ports.split('-').map(Number)
  return ports === '*' || (from <= carries.port && carries.port <= to)
}

function addSeen(known: Map<string, SeenEdge>, seen: SeenEdge): void {
  const key = JSON.stringify([seen.from, seen.to, seen.port])
  const before = known.get(key)
  if (before === undefined) known.set(key, seen)
  else {
    const lastSeen = before.lastSeen > seen.lastSeen ? before.lastSeen : seen.lastSeen
    known.set(key, { ...seen, count: before.count + seen.count, lastSeen })
  }
}

function byEnds(left: SeenEdge, right: SeenEdge): number {
  const [one, other] = [left, right].map(({ from, to, port }) => JSON.stringify([from, to, port]))
  return (one ?? '') < (other ?? '') ? -1 : 1
}
