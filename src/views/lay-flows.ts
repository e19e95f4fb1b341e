import type { Block } from '../../compiler/addresses/block.ts'
import { blockContains, hostBlock } from '../../compiler/addresses/block-range.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { SeenConnection } from './seen-edges.ts'

/** A flow that was seen, and what of a graph allows it. */
export interface LaidFlow extends SeenConnection {
  /** None: of these edges none allows it. */
  readonly edges: readonly Edge[]
  /** What the policies make of it; `not known`: an end is in no input, or a node, of whose ways to its pods no edge tells. */
  readonly allowed: 'yes' | 'no' | 'not known'
}

/** Lays flows over edges of a graph; `blocks`: the CIDRs that these speak of. */
export function layFlows(
  flows: readonly SeenConnection[],
  edges: readonly Edge[],
  blocks: readonly string[],
): readonly LaidFlow[] {
  const blockOf = new Map(blocks.flatMap(parsed))
  const between = Map.groupBy(edges, ({ from, to }) => `${from} ${to}`)
  const outside = edges.filter(({ from, to }) => blockOf.has(from) || blockOf.has(to))
  const isEnd = (end: string, name: string, address: string): boolean => {
    if (end === name) return true
    const [block, own] = [blockOf.get(end), parseAddress(address)]
    return block !== undefined && own !== undefined && !name.includes('/') && blockContains(block, hostBlock(own))
  }
  return flows.map((seen): LaidFlow => {
    const { flow, from, to, isKnown } = seen
    const allowing = [
      ...(between.get(`${from} ${to}`) ?? []),
      ...outside.filter(
        (edge) => isEnd(edge.from, from, flow.source.address) && isEnd(edge.to, to, flow.destination.address),
      ),
    ].filter((edge) => carries(edge, flow))
    return { ...seen, edges: allowing, allowed: allowing.length > 0 ? 'yes' : isKnown ? 'no' : 'not known' }
  })
}

function parsed(text: string): readonly (readonly [string, Block])[] {
  const block = parseBlock(text)?.block
  return block === undefined ? [] : [[text, block]]
}

function carries({ protocol, ports }: Edge, { carries: carried }: RecordedFlow): boolean {
  if (!('port' in carried)) return ['*', 'other'].includes(protocol)
  if (protocol === '*') return true
  if (protocol !== carried.protocol) return false
  const [from = 0, to = from] = ports.split('-').map(Number)
  return ports === '*' || (from <= carried.port && carried.port <= to)
}
