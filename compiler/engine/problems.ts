import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import { podKey } from '../objects/pod-name.ts'
import type { PodEntry } from './pod-entry.ts'

/** Something that is closed because it could not be compiled; whoever runs the engine names it to people. */
export type EngineProblem =
  | { readonly kind: 'policy closed'; readonly policy: string; readonly direction: Direction; readonly reason: string }
  | { readonly kind: 'pod closed'; readonly pod: string; readonly direction: Direction; readonly reason: string }

/**
 * Policies with a closed direction, and pods whose policies add up to more than the budget. Of audited ones nothing is closed, but
 * nobody can say what they would deny.
 */
export function findProblems(
  policies: Iterable<Policy>,
  entries: Iterable<PodEntry>,
  state: PolicyState = 'enforced',
): readonly EngineProblem[] {
  const problems: EngineProblem[] = []
  for (const policy of policies) {
    for (const direction of DIRECTIONS) {
      const side = policy[direction]
      if (side?.kind !== 'closed') continue
      problems.push({
        kind: 'policy closed',
        policy: `${policy.namespace}/${policy.name}`,
        direction,
        reason: side.reason,
      })
    }
  }
  for (const entry of entries) {
    const { isolated } = entry
    for (const direction of (state === 'enforced' ? isolated : isolated.audited)?.tooComplex ?? []) {
      const reason = 'its policies add up to more peers times ports than fit into the budget'
      problems.push({ kind: 'pod closed', pod: podKey(entry.pod), direction, reason })
    }
  }
  return problems
}
