import type { Block } from '../addresses/block.ts'
import { blockContains, hostBlock } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { flowEnd } from './flow-end.ts'
import type { RecordedEnd } from './flow-list.ts'
import type { FormerPod } from './seen-flow.ts'

/** `former`: whose the address was, where another has it now, or nobody. */
export type EndOf = (address: string, former?: FormerPod) => RecordedEnd

/** Who is behind each address, asked once for each. `podNetworks`: where pods have, or had, their addresses. */
export function recordedEnds(cluster: Cluster, podNetworks: readonly Block[]): EndOf {
  const known = new Map<string, RecordedEnd>()
  return (address, former) => {
    const key = former === undefined ? address : `${address} ${former.namespace}/${former.name} ${former.uid}`
    const end = known.get(key) ?? findEnd(cluster, podNetworks, address, former)
    known.set(key, end)
    return end
  }
}

function findEnd(
  cluster: Cluster,
  podNetworks: readonly Block[],
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
      return { kind: isWithin(podNetworks, address) ? 'unresolved' : 'outside', address }
  }
}

function isWithin(blocks: readonly Block[], text: string): boolean {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  const alone = hostBlock(address)
  return blocks.some((block) => blockContains(block, alone))
}
