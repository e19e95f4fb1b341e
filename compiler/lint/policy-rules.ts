import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Pod, Policy, PolicyRule } from '../objects/objects.ts'
import type { LintInput } from './lint-rule.ts'

/** One rule of one policy, and the pods that the policy selects. */
export interface RuleOfPolicy {
  readonly policy: Policy
  readonly direction: Direction
  readonly rule: PolicyRule
  readonly pods: ReadonlySet<Pod>
}

/** Every rule of every policy that can be compiled, in the order of policies and rules. */
export function rulesOfPolicies({ cluster }: LintInput): readonly RuleOfPolicy[] {
  return cluster.selections.flatMap(({ policy, pods: selected }) => {
    const pods = new Set(selected)
    return DIRECTIONS.flatMap((direction) => {
      const side = policy[direction]
      return side?.kind === 'rules' ? side.rules.map((rule) => ({ policy, direction, rule, pods })) : []
    })
  })
}
