import type { LocalView } from '../../compiler/engine/local-view.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { DIRECTIONS } from '../../compiler/objects/direction.ts'
import { podKey, podName } from '../../compiler/objects/pod-name.ts'
import type { RuleBook } from './rule-book.ts'

/** What the book knows of every policy that selects pods of this node, and of all audited ones. */
export function ruleUses(
  book: Pick<RuleBook, 'rows'>,
  local: Pick<LocalView, 'selections' | 'audited' | 'isolatedPods'>,
): readonly RuleUse[] {
  return [...book.rows(local.selections().map(({ policy }) => policy)), ...auditedRuleUses(book, local)]
}

/**
 * Those of audited policies. Where enforced ones isolate a pod's direction the audited are not asked there, so 'never' says nothing of
 * that pod.
 */
export function auditedRuleUses(
  book: Pick<RuleBook, 'rows'>,
  local: Pick<LocalView, 'audited' | 'isolatedPods'>,
): readonly RuleUse[] {
  const audited = local.audited()
  const isolated = new Map(local.isolatedPods().map((one) => [podKey(one.pod), one]))
  const hidden = new Set(
    audited.flatMap(({ policy, pods }) =>
      DIRECTIONS.filter((direction) =>
        pods.some((pod) => (isolated.get(podKey(pod))?.[direction] ?? 'open') !== 'open'),
      ).map((direction) => `${podName(policy)} ${direction}`),
    ),
  )
  return book.rows(audited.map(({ policy }) => policy)).map((row) => {
    const [direction = ''] = row.rule.split('[')
    return row.use === 'never' && hidden.has(`${row.policy} ${direction}`) ? { ...row, use: 'not asked' } : row
  })
}
