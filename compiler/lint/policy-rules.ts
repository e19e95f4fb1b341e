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

/** Nearly every rule of lint asks for them. */
const known = new WeakMap<LintInput['cluster']['selections'], readonly RuleOfPolicy[]>()

/** Every rule of every policy that can be compiled, in the order of policies and rules. */
export function rulesOfPolicies({ cluster: { selections } }: LintInput): readonly RuleOfPolicy[] {
  let rules = known.get(selections)
  if (rules === undefined) known.set(selections, (rules = readRules(selections)))
  return rules
}

/** The rules of one namespace and direction: those that can be for the same pods, in the same order. */
export function createNeighbours(rules: readonly RuleOfPolicy[]): (one: RuleOfPolicy) => readonly RuleOfPolicy[] {
  const keyOf = ({ policy, direction }: RuleOfPolicy) => `${direction} ${policy.namespace}`
  const groups = Map.groupBy(rules, keyOf)
  return (one) => groups.get(keyOf(one)) ?? []
}

function readRules(selections: LintInput['cluster']['selections']): readonly RuleOfPolicy[] {
  return selections.flatMap(({ policy, pods: selected }) => {
    const pods = new Set(selected)
    return DIRECTIONS.flatMap((direction) => {
      const side = policy[direction]
      return side?.kind === 'rules' ? side.rules.map((rule) => ({ policy, direction, rule, pods })) : []
    })
  })
}
