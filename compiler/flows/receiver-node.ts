import { blockContains, hostBlock } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { nodeAt, nodeOf } from '../cluster/node.ts'
import type { SeenFlow } from './seen-flow.ts'

/** The node on which a flow is judged last: its receiver's, for ingress; undefined: no pod is the receiver, or where it is nobody says. */
export type ReceiverNode = (flow: Pick<SeenFlow, 'destination' | 'formerDestination'>) => string | undefined

/** Asked once for each address. */
export function createReceiverNode({ graph, nodes }: Cluster): ReceiverNode {
  const known = new Map<string, string | undefined>()

  function find(text: string, isFormer: boolean): string | undefined {
    const owner = isFormer ? undefined : graph.owners.get(text)
    const node = owner && nodeOf(nodes, owner)
    if (node !== undefined) return node.name
    const address = parseAddress(text)
    // What is bound for a node itself is not forwarded there.
    if (address === undefined || nodeAt(nodes, text) !== undefined) return undefined
    // Of a pod that is gone: each node gives its pods addresses from ranges of its own.
    const alone = hostBlock(address)
    return [...nodes.values()].find(({ podRanges }) => podRanges.some((range) => blockContains(range, alone)))?.name
  }

  return ({ destination, formerDestination }) => {
    const isFormer = formerDestination !== undefined
    const key = `${destination} ${isFormer}`
    if (!known.has(key)) known.set(key, find(destination, isFormer))
    return known.get(key)
  }
}
