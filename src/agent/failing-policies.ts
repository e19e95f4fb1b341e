import type { LocalView } from '../../compiler/engine/local-view.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { Policy } from '../../compiler/objects/objects.ts'

/** A policy with a closed direction, wherever its pods are. */
export interface FailingPolicy {
  readonly policy: string
  readonly state: 'closed'
  readonly reason: string
}

/**
 * All that are not enforced as written. A policy that cannot say whom it selects is one of them; without a name of the API's
 * syntax there is no policy, and that is a problem of its file.
 */
export function failingPolicies(local: LocalView): readonly FailingPolicy[] {
  return local.closedPolicies().map((policy) => {
    return { policy: podName(policy), state: 'closed', reason: closedReason(policy) ?? '' }
  })
}

/** Which of its directions could not be compiled, and why; undefined: all could. */
export function closedReason(policy: Policy): string | undefined {
  const reasons = DIRECTIONS.flatMap((direction) => {
    const side = policy[direction]
    return side?.kind === 'closed' ? [`${direction}: ${side.reason}`] : []
  })
  return reasons.length > 0 ? reasons.join('; ') : undefined
}
