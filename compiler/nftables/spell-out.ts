import { isLookup, ruleOf } from './rule-value.ts'
import type { ChainValue, Lookup, RuleValue, SetValue, Statement } from './ruleset.ts'

/** The set or map, where a rule for each of its elements is to stand in place of the look-up; undefined where the look-up stays. */
export type Spelled = (lookup: Lookup) => SetValue | undefined

/** The chain with look-ups spelled out: the same verdicts without the sets, in as many rules as those have elements. */
export function spellOut(chain: ChainValue, spelled: Spelled): ChainValue {
  if (!chain.rules.some(({ statements }) => statements.some((one) => isLookup(one) && spelled(one) !== undefined))) {
    return chain
  }
  return { ...chain, rules: chain.rules.flatMap((one) => rulesOf(one, spelled)) }
}

function rulesOf(value: RuleValue, spelled: Spelled): readonly RuleValue[] {
  const at = value.statements.findIndex((one) => isLookup(one) && spelled(one) !== undefined)
  const lookup = value.statements[at]
  if (lookup === undefined || !isLookup(lookup)) return [value]
  const before = value.statements.slice(0, at)
  const after = value.statements.slice(at + 1)
  const set = spelled(lookup)
  return set?.kind === 'map'
    ? [...(set.targets ?? [])].map(([key, jump]) => ruleOf([...before, ...matches(lookup.field, key), jump, ...after]))
    : [...(set?.elements ?? [])].map((element) => ruleOf([...before, ...matches(lookup.field, element), ...after]))
}

/** `ip saddr . ip protocol . th dport` and `10.0.0.0/8 . tcp . 80-90`: `ip saddr 10.0.0.0/8`, `tcp dport 80-90`. */
function matches(field: string, element: string): readonly Statement[] {
  const values = element.split(' . ')
  let protocol = ''
  return field.split(' . ').map((part, index) => {
    const value = values[index] ?? ''
    if (part !== 'ip protocol' && part !== 'meta l4proto') return `${part.replace(/^th /, `${protocol} `)} ${value}`
    protocol = value
    // A port is asked with its protocol; and all protocols are no question.
    return index < values.length - 1 || value === '0-255' ? '' : `meta l4proto ${value}`
  })
}
