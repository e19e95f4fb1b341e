import type { Direction } from './connection.ts'
import { isReadableRule, isReadableSelector } from './is-readable.ts'
import type { RawPolicy, RawRule } from './raw-cluster.ts'

/**
 * What a policy says in a direction: its rules, or undefined when it does not isolate there. Without policyTypes: ingress always,
 * egress when there is an egress rule. What cannot be read closes: no rules, in no direction where nobody knows whose they are. Null is as missing, a null rule as `{}`.
 */
export function rulesOf(policy: RawPolicy, direction: Direction): readonly RawRule[] | undefined {
  const types = policy.spec?.policyTypes ?? []
  if (!types.every((type) => type === 'Ingress' || type === 'Egress')) return []
  const rules = (policy.spec?.[direction] ?? []).map((rule) => rule ?? {})
  const isolates =
    types.length > 0
      ? types.includes(direction === 'ingress' ? 'Ingress' : 'Egress')
      : direction === 'ingress' || rules.length > 0
  if (!isolates) return undefined
  return isReadableSelector(policy.spec?.podSelector ?? {}) && rules.every(isReadableRule) ? rules : []
}
