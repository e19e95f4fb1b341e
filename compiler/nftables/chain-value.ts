import { rule } from './rule-value.ts'
import type { ChainValue, RuleValue } from './ruleset.ts'

/** A chain; a rule that names no chain, set or map may be its text. */
export function chain(name: string, rules: readonly (string | RuleValue)[], hook?: string): ChainValue {
  return { name, hook, rules: rules.map((one) => (typeof one === 'string' ? rule(one) : one)) }
}
