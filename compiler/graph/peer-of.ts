import type { Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { GraphPod } from './allow-graph.ts'
import type { Peer } from './judge.ts'

/** The end that a pod is in a family; undefined where it has no address of it. */
export function peerOf(owner: GraphPod, family: Family): Peer | undefined {
  for (const text of owner.addresses) {
    const address = parseAddress(text)
    if (address?.family === family) return { address, owner }
  }
  return undefined
}
