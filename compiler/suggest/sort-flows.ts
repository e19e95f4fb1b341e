import type { Family } from '../addresses/address.ts'
import { familyOf } from '../addresses/family-of.ts'
import type { RecordedFlow } from '../flows/flow-list.ts'
import { createFlowJudge, type FoundEnd } from '../flows/judge-flow.ts'
import type { EndsHere } from '../flows/ends-here.ts'
import { recordedEndText } from '../flows/recorded-end-text.ts'
import { createTallies, type FlowTally } from '../flows/tally-flows.ts'
import { doubtOf, UNCONFIRMED, wasAllowed } from '../flows/was-allowed.ts'
import { transportOf } from '../flows/why-denied.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'

/** A flow that policies can be made of: both ends are here, and it may pass today. */
export interface UsedFlow {
  readonly from: FoundEnd
  readonly to: FoundEnd
  readonly transport: Transport
  readonly family: Family
  readonly flow: RecordedFlow
}

export interface SortedFlows {
  readonly used: readonly UsedFlow[]
  /** With an end that no policy can name, or of which something is not known: enforced, what is suggested cuts them. */
  readonly missing: readonly FlowTally[]
  /** Seen before policies came that deny them. */
  readonly denied: readonly FlowTally[]
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
  const [missing, denied] = [createTallies(), createTallies()]
  for (const flow of flows) {
    const { source, destination, carries } = flow
    if (!wasAllowed(flow)) continue
    if (![source, destination].some((end) => end.kind === 'pod' && end.namespace === namespace)) continue
    const [from, to] = [ends.find(source), ends.find(destination)]
    const doubt = doubtOf(flow)
    if (doubt !== undefined) missing.add(flow, doubt)
    else if (from.kind === 'unresolved') missing.add(flow, from.reason)
    else if (to.kind === 'unresolved') missing.add(flow, to.reason)
    else if (isNameless(from)) missing.add(flow, `${recordedEndText(source)} ${NAMELESS}`)
    else if (isNameless(to)) missing.add(flow, `${recordedEndText(destination)} ${NAMELESS}`)
    else {
      const transport = transportOf(carries)
      const family = familyOf(source.address)
      if (judge(from, to, transport, family) === 'none') denied.add(flow, 'denied by today’s policies')
      else if (flow.unconfirmed) missing.add(flow, UNCONFIRMED)
      else used.push({ from, to, transport, family, flow })
    }
  }
  return { used, missing: missing.list(), denied: denied.list() }
}

const NAMELESS = 'has no label that lasts, by which a policy could name it'
