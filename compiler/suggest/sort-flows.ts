import type { Family } from '../addresses/address.ts'
import type { FoldedSource, RecordedEnd, RecordedFlow } from '../flows/flow-list.ts'
import { createFlowJudge, type FoundEnd } from '../flows/judge-flow.ts'
import type { EndsHere } from '../flows/ends-here.ts'
import { transportOf } from '../flows/why-denied.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { printable } from '../objects/quote.ts'

/** A flow that policies can be made of: both ends are here, and it may pass today. */
export interface UsedFlow {
  readonly from: FoundEnd
  readonly to: FoundEnd
  readonly transport: Transport
  readonly family: Family
  readonly flow: RecordedFlow
}

/** Flows of which no policy is made, for one reason. */
export interface LeftOut {
  /** For people: who, and what is in the way. */
  readonly text: string
  /** Enforced, what is suggested may cut them: only of flows that policies deny anyway it cannot. */
  readonly isMissing: boolean
  readonly flows: number
}

export interface SortedFlows {
  readonly used: readonly UsedFlow[]
  readonly leftOut: readonly LeftOut[]
}

/** Flows to or from pods of the namespace. What was denied, and answers that came too late, are nobody's to allow. */
export function sortFlows(
  graph: AllowGraph,
  ends: EndsHere,
  flows: readonly RecordedFlow[],
  namespace: string,
  isNameless: (end: FoundEnd) => boolean,
): SortedFlows {
  const judge = createFlowJudge(graph)
  const used: UsedFlow[] = []
  const leftOut = new Map<string, LeftOut>()
  const leave = (flow: RecordedFlow, reason: string, isMissing = true): void => {
    // Of all whose address nobody has now, one is named.
    const between = (text: (end: RecordedEnd) => string) =>
      `${text(flow.source)} → ${text(flow.destination)}: ${reason}`
    const key = between((end) => (end.kind === 'unresolved' ? '' : recordedEndText(end)))
    const { text, flows: known } = leftOut.get(key) ?? { text: between(recordedEndText), flows: 0 }
    leftOut.set(key, { text, isMissing, flows: known + 1 })
  }
  for (const flow of flows) {
    const { source, destination, carries, verdict, lateAnswer } = flow
    if (verdict === 'denied' || lateAnswer || isItself(flow)) continue
    if (![source, destination].some((end) => end.kind === 'pod' && end.namespace === namespace)) continue
    const [from, to] = [ends.find(source), ends.find(destination)]
    if (flow.uncertain) leave(flow, 'an address has changed hands since it was seen')
    else if (flow.direction === 'unknown') leave(flow, 'which end asked is not known')
    else if (from.kind === 'unresolved') leave(flow, from.reason)
    else if (to.kind === 'unresolved') leave(flow, to.reason)
    else if (isNameless(from)) leave(flow, `${recordedEndText(source)} ${NAMELESS}`)
    else if (isNameless(to)) leave(flow, `${recordedEndText(destination)} ${NAMELESS}`)
    else {
      const transport = transportOf(carries)
      const family = source.address.includes(':') ? 'IPv6' : 'IPv4'
      if (judge(from, to, transport, family) === 'none') leave(flow, 'denied by today’s policies', false)
      else used.push({ from, to, transport, family, flow })
    }
  }
  return { used, leftOut: [...leftOut.values()] }
}

/** Flows that were too many to be kept one by one: any pod may have been meant. */
export function foldedAway(folded: readonly FoldedSource[]): readonly LeftOut[] {
  const allowed = folded.filter(({ verdict }) => verdict === 'allowed')
  return allowed.map(({ source, flows }) => {
    const text = `${recordedEndText(source)}: it spoke with so many that whom it reached was not kept`
    return { text, isMissing: true, flows }
  })
}

const NAMELESS = 'has no label that lasts, by which a policy could name it'

/** By its own address, or through its own Service: no policy is asked. */
function isItself({ source, destination }: RecordedFlow): boolean {
  return source.address === destination.address
}

/** As tables and notes call it. */
export function recordedEndText(end: RecordedEnd): string {
  switch (end.kind) {
    case 'pod':
      return printable(`${end.namespace}/${end.workload?.name ?? end.name}`)
    case 'node':
      return `node ${printable(end.name)} (${end.address})`
    case 'outside':
    case 'unresolved':
      return end.address
  }
}
