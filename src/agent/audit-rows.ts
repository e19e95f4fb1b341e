import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { type Change, changeOf, type OwnedFlow, ownedEnd } from '../../compiler/flows/asked-flow.ts'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import { createTwoWorlds } from '../../compiler/flows/two-worlds.ts'
import type { Address } from '../../compiler/addresses/address.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AgentAudit, WouldRow } from '../telemetry/agent-audit.ts'
import type { KeptFlow } from './audit-book.ts'
import type { BookedFlow } from './flow-book.ts'
import { createJudgedPods } from './judged-pods.ts'

/** What is judged by. */
export type JudgingEngine = Pick<Engine, 'worlds' | 'podOf' | 'podsIn'>

export interface AuditRowsOptions {
  readonly node: string
  readonly engine: JudgingEngine
  /** How long ago an instant of the agent's clock is. */
  readonly seconds: (at: number) => number
  /** What was noted of audited policies. */
  readonly asked: readonly KeptFlow[]
  /** What was denied. */
  readonly denied: readonly BookedFlow[]
}

/** What today's policies would make of what was noted, were the audited ones enforced, for the pods that there are today. */
export function auditRows({
  node,
  engine,
  seconds,
  asked,
  denied,
}: AuditRowsOptions): Pick<AgentAudit, 'denies' | 'opens'> {
  const judge = createTwoWorlds(engine.worlds())
  const judged = createJudgedPods(engine)

  /** One for each kind of pod that its ends may be today, and for which they would change something. */
  function changesOf(flow: OwnedFlow, isMeant: (change: Change) => boolean): readonly Change[] {
    const [senders, receivers] = [flow.from, flow.to].map((pod) => (pod === undefined ? [undefined] : judged(pod).pods))
    const changes = (senders ?? []).flatMap((from) =>
      (receivers ?? []).flatMap((to) => changeOf(judge, { ...flow, from, to }) ?? []),
    )
    return changes.filter(isMeant)
  }

  function endOf(address: Address, pod: Pod | undefined): FlowEnd {
    return ownedEnd(formatAddress(address), pod, pod !== undefined && judged(pod).isGone)
  }

  function rowOf(flow: KeptFlow | BookedFlow, { policies }: Change): Omit<WouldRow, 'direction' | 'doubt'> {
    const [from, to] = [endOf(flow.source, flow.from), endOf(flow.destination, flow.to)]
    const ages = { lastAge: seconds(flow.lastAt), firstAge: seconds(flow.firstAt) }
    return { node, from, to, carries: flow.carries, policies, packets: flow.packets, ...ages }
  }

  const denies = asked.flatMap((flow): readonly WouldRow[] => {
    const { direction, directed } = flow
    // What the policy of then did not grant, that of now may.
    const change = surest(
      changesOf(flow, ({ kind, directions }) => kind === 'denies' && directions.includes(direction)),
    )
    if (change === undefined) return []
    const doubt = !directed ? 'direction unknown' : change.lateAnswer ? 'late answer' : 'none'
    return [{ ...rowOf(flow, change), direction, doubt }]
  })
  const opens = denied.flatMap((flow): readonly WouldRow[] => {
    const change = flow.directed ? surest(changesOf(flow, ({ kind }) => kind === 'opens')) : undefined
    if (change === undefined) return []
    const [direction = 'egress'] = change.directions
    return [{ ...rowOf(flow, change), direction, doubt: change.lateAnswer ? 'late answer' : 'none' }]
  })
  return { denies, opens }
}

/** What one pod of a workload may lose is no late answer for being one to another. */
function surest(changes: readonly Change[]): Change | undefined {
  return changes.find(({ lateAnswer }) => !lateAnswer) ?? changes[0]
}
