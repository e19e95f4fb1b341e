import type { Block } from '../addresses/block.ts'
import { blockContains, hostBlock } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { flowEnd } from './flow-end.ts'
import type { RecordedEnd } from './flow-list.ts'
import type { FormerPod } from './seen-flow.ts'

/** `former`: whose the address was, where another has it now, or nobody. */
export type EndOf = (address: string, former?: FormerPod) => RecordedEnd

/**
 * Who is behind each address, asked once for each. `podRanges`: where pods have their addresses, for nodes of which the input has no
 * Node object, or one that does not say.
 */
export function recordedEnds(cluster: Cluster, podRanges: readonly Block[]): EndOf {
  const ranges = [...[...cluster.nodes.values()].flatMap((node) => node.podRanges), ...podRanges]
  const known = new Map<string, RecordedEnd>()
  return (address, former) => {
    const key = former === undefined ? address : `${address} ${former.namespace}/${former.name} ${former.uid}`
    const end = known.get(key) ?? findEnd(cluster, ranges, address, former)
    known.set(key, end)
    return end
  }
}

function findEnd(
  cluster: Cluster,
  ranges: readonly Block[],
  address: string,
  former: FormerPod | undefined,
): RecordedEnd {
  const end = flowEnd(cluster, address, former)
  switch (end.kind) {
    case 'pod': {
      const { kind, namespace, name, workload } = end
      return { kind, address, namespace, name, ...(workload === undefined ? {} : { workload }) }
    }
    case 'node':
      return { kind: end.kind, address, name: end.name }
    case 'address':
      return { kind: isWithin(ranges, address) ? 'unresolved' : 'outside', address }
  }
}

function isWithin(ranges: readonly Block[], text: string): boolean {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  const alone = hostBlock(address)
  return ranges.some((range) => blockContains(range, alone))
}
