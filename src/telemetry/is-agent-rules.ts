import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import type { AgentRules } from './agent-rules.ts'
import { isAge, isCount, isListOf, isOfAgent, isText } from './sound-parts.ts'

const USES: ReadonlySet<unknown> = new Set<RuleUse['use']>(['used', 'never', 'not known', 'not asked'])

/** Is it what an agent says of the rules of its node, with everything in it as it says? */
export function isAgentRules(answer: unknown): answer is AgentRules {
  if (!isOfAgent(answer)) return false
  const { rules } = answer
  return isListOf(rules, isRuleUse)
}

/** What it says of one. */
export function isRuleUse({ policy, rule, use, packets, age, also }: Readonly<Record<string, unknown>>): boolean {
  return (
    isText(policy) &&
    isText(rule) &&
    USES.has(use) &&
    isCount(packets) &&
    isAge(age) &&
    Array.isArray(also) &&
    also.every(isText)
  )
}
