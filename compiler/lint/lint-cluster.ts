import { ifEnforced } from '../cluster/if-enforced.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import { ALL_RULES } from './all-rules.ts'
import type { LintInput, LintRule, Remark, Severity } from './lint-rule.ts'
import { ignoreWithoutEffect } from './rules/ignore-without-effect.ts'
import type { Silencer } from './silencer.ts'

/** A remark and the rule that makes it. */
export interface Finding extends Remark {
  readonly rule: string
  readonly severity: Severity
}

/**
 * What the rules have to say and nobody has silenced, in the order of the input: by file, line and column, then by object
 * and rule. Who silences nothing is a finding as well.
 */
export function lintCluster(given: LintInput, rules: readonly LintRule[] = ALL_RULES): readonly Finding[] {
  const { audited } = given.cluster
  const input = {
    ...given,
    cluster: ifEnforced(given.cluster) ?? given.cluster,
    audited: audited.map(({ policy }) => policy),
  }
  const silencers = input.silencers ?? []
  const silencersOf = Map.groupBy(silencers, ({ rule }) => rule)
  const used = new Set<Silencer>()
  const heard = rules.flatMap((rule) =>
    rule.check(input).flatMap((remark): readonly Finding[] => {
      const silencing = (silencersOf.get(rule.name) ?? []).filter((one) => one.silences(remark))
      for (const one of silencing) used.add(one)
      return silencing.length > 0 ? [] : [{ ...remark, rule: rule.name, severity: remark.severity ?? rule.severity }]
    }),
  )
  const idle = rules.includes(ignoreWithoutEffect) ? silencers.filter((one) => !used.has(one)) : []
  return [...heard, ...idle.map((one) => idleFinding(one, rules))].sort(byPlace)
}

function idleFinding({ rule, place, object }: Silencer, rules: readonly LintRule[]): Finding {
  const names = rules.map(({ name }) => name)
  const near = nearestWord(rule, names)
  const known = names.includes(rule)
  return {
    rule: ignoreWithoutEffect.name,
    severity: ignoreWithoutEffect.severity,
    place,
    object,
    message: known ? `silences ${rule}, which has nothing to say here` : `silences ${rule}, and there is no such rule`,
    hint: known || near === undefined ? 'take it away' : `did you mean ${near}?`,
  }
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
