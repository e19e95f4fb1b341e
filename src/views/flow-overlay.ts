import type { Block } from '../../compiler/addresses/block.ts'
import { blockContains, hostBlock } from '../../compiler/addresses/block-range.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import type { FlowList, RecordedFlow } from '../../compiler/flows/flow-list.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { spokenEdges } from './reach-rows.ts'
import { type SeenEdges, seenEdges } from './seen-edges.ts'

/** What was seen, laid over who may: who does, and who tried. */
export interface FlowOverlay extends Pick<SeenEdges, 'used' | 'refused'> {
  /** Edges in which some policy has a say, and by which nothing was seen to pass. */
  readonly unused: readonly Edge[]
}

export function flowOverlay({ graph }: Cluster, reach: ReachGraph, list: Pick<FlowList, 'flows'>): FlowOverlay {
  const { used, refused, passed } = seenEdges(graph, reach.nodes, list)
  const edges = spokenEdges(reach)
  const between = Map.groupBy(edges, ({ from, to }) => `${from} ${to}`)
  const blocks = new Map(reach.blocks.flatMap(blockOf))
  const outside = edges.filter(({ from, to }) => blocks.has(from) || blocks.has(to))
  const isEnd = (end: string, name: string, address: string): boolean => {
    if (end === name) return true
    const [block, own] = [blocks.get(end), parseAddress(address)]
    return block !== undefined && own !== undefined && !name.includes('/') && blockContains(block, hostBlock(own))
  }
  const found = new Set<Edge>()
  for (const { flow, from, to } of passed) {
    for (const edge of between.get(`${from} ${to}`) ?? []) if (carriedBy(edge, flow)) found.add(edge)
    for (const edge of outside) {
      if (!isEnd(edge.from, from, flow.source.address) || !isEnd(edge.to, to, flow.destination.address)) continue
      if (carriedBy(edge, flow)) found.add(edge)
    }
  }
  const known = new Set(reach.nodes.map(({ id }) => id))
  const isHere = (end: string): boolean => known.has(end) || blocks.has(end)
  const unused = edges.filter((edge) => !found.has(edge) && isHere(edge.from) && isHere(edge.to))
  return { used, refused, unused }
}

function blockOf(text: string): readonly (readonly [string, Block])[] {
  const block = parseBlock(text)?.block
  return block === undefined ? [] : [[text, block]]
}

function carriedBy({ protocol, ports }: Edge, { carries }: RecordedFlow): boolean {
  if (!('port' in carries)) return ['*', 'other'].includes(protocol)
  if (protocol === '*') return true
  if (protocol !== carries.protocol) return false
  const [from = 0, to = from] = ports.split('-').map(Number)
  return ports === '*' || (from <= carries.port && carries.port <= to)
}
