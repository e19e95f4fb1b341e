import { familyOf } from '../addresses/family-of.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { createSurelyStays, type HalfKnownFlow } from './absent-ends.ts'
import { type EndHere, endsHere } from './ends-here.ts'
import type { RecordedFlow } from './flow-list.ts'
import { createFlowJudge, type Passage, podsOfEnd } from './judge-flow.ts'
import { wholePodLook } from './pod-look.ts'
import { doubtOf, UNCONFIRMED } from './was-allowed.ts'
import { transportOf } from './why-denied.ts'
import { withRecordedDns } from './with-recorded-dns.ts'

/** What a change makes of a flow that was seen to pass: `some`, `none`: between whom it may go on, if it could before. */
export type FlowFate = 'not of the input' | 'kept' | 'some' | 'none' | { readonly reason: string }

const RANK: Readonly<Record<Passage, number>> = { none: 0, some: 1, all: 2 }

/** `flows`: all that will be asked about. */
export function createFlowFates(
  given: { readonly before: Cluster; readonly after: Cluster },
  flows: readonly RecordedFlow[],
): (flow: RecordedFlow) => FlowFate {
  const [before, after] = [withRecordedDns(given.before, flows), withRecordedDns(given.after, flows)]
  const [was, is] = [endsHere(before.graph), endsHere(after.graph)]
  const [judgeBefore, judgeAfter] = [createFlowJudge(before.graph), createFlowJudge(after.graph)]
  const surelyStays = createSurelyStays(before, after)

  /** The same pods, of which nothing that policies ask for has changed; or the same address. */
  function isUntouched(old: EndHere, now: EndHere): boolean {
    if (old.kind !== 'pods' || now.kind !== 'pods') return old.kind === 'address' && now.kind === 'address'
    const looks = [
      podsOfEnd(old).map((pod) => wholePodLook({ graph: before.graph, pod })),
      podsOfEnd(now).map((pod) => wholePodLook({ graph: after.graph, pod })),
    ] as const
    return JSON.stringify(looks[0]) === JSON.stringify(looks[1])
  }

  return (flow) => {
    const { source, destination, carries, unconfirmed, uncertain } = flow
    const [from, to] = [was.find(source), was.find(destination)]
    const [now, then] = [is.find(source), is.find(destination)]
    if (![from, to, now, then].some(({ kind }) => kind === 'pods')) return 'not of the input'
    const doubt = doubtOf(flow)
    if (doubt !== undefined) {
      // Whichever end asked, whom it asked is as before.
      return !uncertain && isUntouched(from, now) && isUntouched(to, then) ? 'kept' : { reason: doubt }
    }
    const asked = { transport: transportOf(carries), family: familyOf(source.address) }
    if (
      from.kind === 'unresolved' ||
      to.kind === 'unresolved' ||
      now.kind === 'unresolved' ||
      then.kind === 'unresolved'
    ) {
      const half = halfKnown(flow, [from, now], [to, then])
      if (half !== undefined && surelyStays({ ...half, ...asked })) return 'kept'
      const missing = [from, to, now, then].find((end) => end.kind === 'unresolved')
      return { reason: missing?.reason ?? '' }
    }
    const passed = judgeBefore(from, to, asked.transport, asked.family)
    const passes = judgeAfter(now, then, asked.transport, asked.family)
    if (RANK[passes] >= RANK[passed]) return 'kept'
    if (unconfirmed) return { reason: UNCONFIRMED }
    return passes === 'none' ? 'none' : 'some'
  }
}

/** Each end as it was and as it is. */
type Both = readonly [was: EndHere, is: EndHere]

/** One end in neither input, and pods of both at the other. */
function halfKnown(
  { source, destination }: RecordedFlow,
  sender: Both,
  receiver: Both,
): Pick<HalfKnownFlow, 'was' | 'is' | 'absent' | 'own'> | undefined {
  const isSender = isAbsent(sender)
  const [was, is] = isSender ? receiver : sender
  if (!isSender && !isAbsent(receiver)) return undefined
  if (was.kind !== 'pods' || is.kind !== 'pods') return undefined
  return isSender ? { was, is, absent: source, own: 'ingress' } : { was, is, absent: destination, own: 'egress' }
}

/** In neither input, and as far as they say the same in both. */
function isAbsent([was, is]: Both): boolean {
  if (was.kind !== 'unresolved' || is.kind !== 'unresolved') return false
  const looks = ({ pods = [] }: EndHere & { readonly kind: 'unresolved' }) =>
    JSON.stringify(pods.map(({ pod: { labels, ports } }) => [labels.key, ports]))
  return was.reason === is.reason && looks(was) === looks(is)
}
