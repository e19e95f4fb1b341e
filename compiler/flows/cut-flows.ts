import { familyOf } from '../addresses/family-of.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { isolationKey } from '../graph/isolation-key.ts'
import type { Direction } from '../objects/direction.ts'
import { type EndHere, endsHere } from './ends-here.ts'
import type { FlowList, RecordedFlow } from './flow-list.ts'
import { createFlowJudge, type Passage } from './judge-flow.ts'
import { portText } from './fold-rows.ts'
import { recordedEndText } from './recorded-end-text.ts'
import { createTallies, type FlowTally, foldedAway } from './tally-flows.ts'
import { doubtOf, UNCONFIRMED, wasAllowed } from './was-allowed.ts'
import { transportOf } from './why-denied.ts'
import { withRecordedDns } from './with-recorded-dns.ts'

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
  const [was, is] = [sideOf(before, flows), sideOf(after, flows)]
  const cuts = new Map<string, CutFlow>()
  const unresolved = createTallies()
  let kept = 0
  for (const flow of flows) {
    const { source, destination } = flow
    if (!wasAllowed(flow)) continue
    const ends = {
      was: [was.find(source), was.find(destination)],
      is: [is.find(source), is.find(destination)],
    } as const
    if (![...ends.was, ...ends.is].some(({ kind }) => kind === 'pods')) continue
    const doubt = doubtOf(flow)
    if (doubt !== undefined) unresolved.add(flow, doubt)
    else {
      const fate = fateOf(was, is, ends, flow)
      if (fate === 'kept') kept += 1
      else if (typeof fate === 'object') unresolved.add(flow, fate.reason)
      else addCut(cuts, flow, fate === 'some')
    }
  }
  return {
    cuts: [...cuts.values()].sort((left, right) => right.count - left.count || (key(left) < key(right) ? -1 : 1)),
    unresolved: [...unresolved.list(), ...foldedAway(folded)],
    kept,
  }
}

/** One side of the change. */
interface Side {
  readonly find: ReturnType<typeof endsHere>['find']
  readonly judge: ReturnType<typeof createFlowJudge>
}

function sideOf(cluster: Cluster, flows: readonly RecordedFlow[]): Side {
  const graph: AllowGraph = withRecordedDns(cluster, flows).graph
  return { find: endsHere(graph).find, judge: createFlowJudge(graph) }
}

type Pair = readonly [EndHere, EndHere]

/** `some`, `none`: where it may pass afterwards, and could before. */
function fateOf(
  was: Side,
  is: Side,
  ends: { readonly was: Pair; readonly is: Pair },
  { source, carries, unconfirmed }: RecordedFlow,
): 'kept' | 'some' | 'none' | { readonly reason: string } {
  const family = familyOf(source.address)
  const [[from, to], [now, then]] = [ends.was, ends.is]
  const missing = [from, to, now, then].find((end) => end.kind === 'unresolved')
  if (
    from.kind === 'unresolved' ||
    to.kind === 'unresolved' ||
    now.kind === 'unresolved' ||
    then.kind === 'unresolved'
  ) {
    // Who is in neither input is as before; so is the flow where its other end is.
    const isSame = isSameEnd(from, now, 'egress') && isSameEnd(to, then, 'ingress')
    return isSame ? 'kept' : { reason: missing?.kind === 'unresolved' ? missing.reason : '' }
  }
  const transport = transportOf(carries)
  const before = was.judge(from, to, transport, family)
  const after = is.judge(now, then, transport, family)
  if (RANK[after] >= RANK[before]) return 'kept'
  if (unconfirmed) return { reason: UNCONFIRMED }
  return after === 'none' ? 'none' : 'some'
}

const RANK: Readonly<Record<Passage, number>> = { none: 0, some: 1, all: 2 }

/** Unresolved on both sides, or isolated alike on both. */
function isSameEnd(was: EndHere, is: EndHere, direction: Direction): boolean {
  if (was.kind === 'pods' && is.kind === 'pods') return isolationsOf(was, direction) === isolationsOf(is, direction)
  return was.kind === is.kind
}

function isolationsOf({ workload }: EndHere & { readonly kind: 'pods' }, direction: Direction): string {
  return JSON.stringify([...new Set(workload.pods.map((pod) => isolationKey(pod[direction])))].toSorted())
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
