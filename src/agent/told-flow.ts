import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FoldedFlows, FormerPod, SeenFlow } from '../../compiler/flows/seen-flow.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { BookedFlow } from './flow-book.ts'
import type { FoldedRow } from './folded-book.ts'
import { ownerKey } from './owner-key.ts'

/** What the books hold, as an agent tells it: in addresses, with the pod where it is not the one that has the address now. */
export interface ToldFlow {
  flow(flow: BookedFlow): SeenFlow
  folded(row: FoldedRow): FoldedFlows
}

export function createToldFlow(
  node: string,
  now: () => number,
  ownerOf: (address: string) => Pod | undefined,
): ToldFlow {
  const seconds = (at: number): number => Math.max(0, Math.round((now() - at) / 1000))

  function formerOf(address: string, then: Pod | undefined): FormerPod | undefined {
    const owner = ownerOf(address)
    if (then === undefined || (owner !== undefined && ownerKey(owner) === ownerKey(then))) return undefined
    const { namespace, name, uid, workload, createdAt, ports } = then
    const labels = Object.fromEntries(then.labels.labels)
    return { namespace, name, uid, ...(workload === undefined ? {} : { workload }), createdAt, labels, ports }
  }

  return {
    flow({ source: from, destination: to, from: sender, to: receiver, lastAt, firstAt, ...flow }) {
      const [source, destination] = [formatAddress(from), formatAddress(to)]
      const [formerSource, formerDestination] = [formerOf(source, sender), formerOf(destination, receiver)]
      return {
        node,
        source,
        destination,
        ...(formerSource === undefined ? {} : { formerSource }),
        ...(formerDestination === undefined ? {} : { formerDestination }),
        carries: flow.carries,
        directed: flow.directed,
        packets: flow.packets,
        lastAge: seconds(lastAt),
        firstAge: seconds(firstAt),
      }
    },
    folded({ from, lastAt, firstAt, ...row }) {
      const formerSource = formerOf(row.source, from)
      const former = formerSource === undefined ? {} : { formerSource }
      return { node, ...row, ...former, lastAge: seconds(lastAt), firstAge: seconds(firstAt) }
    },
  }
}
