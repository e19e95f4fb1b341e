import type { Cluster } from '../cluster/create-cluster.ts'
import { createFlowFates } from './flow-fates.ts'
import type { FlowList, RecordedFlow } from './flow-list.ts'
import { portText } from './fold-rows.ts'
import { recordedEndText } from './recorded-end-text.ts'
import { createTallies, type FlowTally, foldedAway } from './tally-flows.ts'
import { wasAllowed } from './was-allowed.ts'

/** What a change does to the flows that were seen to pass. */
export interface FlowCuts {
  /** Between workloads, once for each port, the most seen first. */
  readonly cuts: readonly CutFlow[]
  /** Of which nobody can say what becomes of them, by ends and reason. */
  readonly unresolved: readonly FlowTally[]
  /** How many flows are as they were. */
  readonly kept: number
}

export interface CutFlow {
  readonly from: string
  readonly to: string
  /** `5432/TCP`, `ping`, `protocol 47`. */
  readonly port: string
  /** How often it was seen, and when last (RFC 3339). */
  readonly count: number
  readonly lastSeen: string
  /** Only some of the pods at its ends are cut off. */
  readonly isPartial: boolean
}

/** A flow to or from pods of the input that may pass before and may not, or not everywhere, after. Others are none of its business. */
export function cutFlows(
  before: Cluster,
  after: Cluster,
  { flows, folded }: Pick<FlowList, 'flows' | 'folded'>,
): FlowCuts {
  const fateOf = createFlowFates({ before, after }, flows)
  const cuts = new Map<string, CutFlow>()
  const unresolved = createTallies()
  let kept = 0
  for (const flow of flows) {
    if (!wasAllowed(flow)) continue
    const fate = fateOf(flow)
    if (fate === 'not of the input') continue
    if (fate === 'kept') kept += 1
    else if (typeof fate === 'object') unresolved.add(flow, fate.reason)
    else addCut(cuts, flow, fate === 'some')
  }
  return {
    cuts: [...cuts.values()].sort((left, right) => right.count - left.count || (key(left) < key(right) ? -1 : 1)),
    unresolved: [...unresolved.list(), ...foldedAway(folded)],
    kept,
  }
}

function addCut(
  cuts: Map<string, CutFlow>,
  { source, destination, carries, count, lastSeen }: RecordedFlow,
  isPartial: boolean,
): void {
  const cut = {
    from: recordedEndText(source),
    to: recordedEndText(destination),
    port: portText(carries),
    count,
    lastSeen,
    isPartial,
  }
  const known = cuts.get(key(cut))
  const joined = known && {
    ...cut,
    count: known.count + count,
    lastSeen: known.lastSeen > lastSeen ? known.lastSeen : lastSeen,
    isPartial: known.isPartial && isPartial,
  }
  cuts.set(key(cut), joined ?? cut)
}

function key({ from, to, port }: CutFlow): string {
  return JSON.stringify([from, to, port])
}
