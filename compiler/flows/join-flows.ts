import { flowKey } from './flow-key.ts'
import type { ReceiverNode } from './receiver-node.ts'
import type { NotedFlow } from './seen-flow.ts'

/** A flow as all nodes that were asked tell it. */
export interface JoinedFlow extends NotedFlow {
  /** Allowed on its way, by another node than its receiver's; what became of it there is not known. */
  readonly unconfirmed: boolean
}

/** Nodes tell ages, each of when it answered, and all answer within a minute. */
const SAME_TIME_SECONDS = 60

/**
 * What several nodes noted, each flow once. Its receiver's node, which judges ingress, has the last word: of an attempt that it denies the
 * sender's has noted that it let it out. `lastNode`: undefined where behind whoever noted it nobody judges.
 */
export function joinFlows(flows: readonly NotedFlow[], lastNode: ReceiverNode): readonly JoinedFlow[] {
  return [...Map.groupBy(flows, flowKey).values()].flatMap((same) => {
    const [one] = same
    const last = one && lastNode(one)
    const denied = same.filter(({ fate }) => fate === 'denied')
    const passed = same.filter(({ fate }) => fate === 'allowed')
    const final = passed.filter(({ node }) => node === last)
    const allowed = final.length > 0 ? final : passed.filter((flow) => !isDeniedBehind(flow, denied))
    return [...joined(denied, false), ...joined(allowed, last !== undefined && final.length === 0)]
  })
}

/** Another node denied it when this one last let it pass, or later. */
function isDeniedBehind({ node, lastAge }: NotedFlow, denied: readonly NotedFlow[]): boolean {
  return denied.some((one) => one.node !== node && one.lastAge <= lastAge + SAME_TIME_SECONDS)
}

function joined(flows: readonly NotedFlow[], unconfirmed: boolean): readonly JoinedFlow[] {
  const [first, ...rest] = flows
  return first === undefined ? [] : [{ ...rest.reduce(joinTwo, first), unconfirmed }]
}

/** Each packet is denied by the one node or the other; a connection is judged on both. */
function joinTwo(left: NotedFlow, right: NotedFlow): NotedFlow {
  const { fate, packets } = left
  return {
    ...(left.lastAge <= right.lastAge ? left : right),
    packets: fate === 'denied' ? packets + right.packets : Math.max(packets, right.packets),
    lastAge: Math.min(left.lastAge, right.lastAge),
    firstAge: Math.max(left.firstAge, right.firstAge),
  }
}
