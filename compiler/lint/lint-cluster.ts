import { ALL_RULES } from './all-rules.ts'
import type { LintInput, LintRule, Remark, Severity } from './lint-rule.ts'

/** A remark and the rule that makes it. */
export interface Finding extends Remark {
  readonly rule: string
  readonly severity: Severity
}

/** What the rules have to say, in the order of the input: by file, line and column, then by object and rule. */
export function lintCluster(input: LintInput, rules: readonly LintRule[] = ALL_RULES): readonly Finding[] {
  return rules
    .flatMap((rule) => rule.check(input).map((remark) => ({ ...remark, rule: rule.name, severity: rule.severity })))
    .sort(byPlace)
}

function byPlace(left: Finding, right: Finding): number {
  return (
    compare(left.place?.file ?? '', right.place?.file ?? '') ||
    (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
    (left.place?.column ?? 0) - (right.place?.column ?? 0) ||
    compare(left.object, right.object) ||
    compare(left.rule, right.rule) ||
    compare(left.message, right.message)
  )
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
