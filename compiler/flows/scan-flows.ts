import { formatAddress } from '../addresses/format-address.ts'
import type { FlowRecord } from '../nftables/flow-record.ts'
import { flowKind, flowSet } from '../nftables/forget-flows.ts'
import { ROOM } from '../nftables/recorded-sets.ts'

/** So many flows of one source are a scan of ports, or a crawler, where room gets short. */
export const MOST_FLOWS_OF_SOURCE = 256

/**
 * The flows by which a source keeps others out: all of whoever has more than so many in a set that is more than half full. What
 * packets leave there is told one by one only as long as there is room for everybody's.
 */
export function scanFlows(flows: readonly FlowRecord[]): readonly FlowRecord[] {
  return [...Map.groupBy(flows, flowSet).values()].flatMap((inSet) => {
    const [first] = inSet
    if (first === undefined || inSet.length <= ROOM[flowKind(first)] / 2) return []
    const sources = Map.groupBy(inSet, ({ source }) => formatAddress(source))
    return [...sources.values()].filter(({ length }) => length > MOST_FLOWS_OF_SOURCE).flat()
  })
}
