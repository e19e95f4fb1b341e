import type { LocalView } from '../../compiler/engine/local-view.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { Policy } from '../../compiler/objects/objects.ts'
import type { AgentRecord } from './agent-record.ts'

/** A policy that is not enforced as written, wherever its pods are. */
export interface FailingPolicy {
  readonly policy: string
  readonly state: 'closed' | 'not enforced'
  readonly reason: string
}

/** Policies with a closed direction, and those that the engine was never given since nothing of them could be read. */
export function failingPolicies(local: LocalView, { problems }: AgentRecord): readonly FailingPolicy[] {
  const closed = local.closedPolicies().map((policy): FailingPolicy => {
    return { policy: podName(policy), state: 'closed', reason: closedReason(policy) ?? '' }
  })
  const unread = [...problems].flatMap(([of, [first]]): readonly FailingPolicy[] => {
    const name = /^NetworkPolicy (\S+\/\S+)$/.exec(of)?.[1]
    if (name === undefined || first === undefined || local.holdsPolicy(name)) return []
    return [{ policy: name, state: 'not enforced', reason: first.problem }]
  })
  return [...closed, ...unread]
}

/** Which of its directions could not be compiled, and why; undefined: all could. */
export function closedReason(policy: Policy): string | undefined {
  const reasons = DIRECTIONS.flatMap((direction) => {
    const side = policy[direction]
    return side?.kind === 'closed' ? [`${direction}: ${side.reason}`] : []
  })
  return reasons.length > 0 ? reasons.join('; ') : undefined
}
