import type { LintRule } from '../lint-rule.ts'

/** What is silenced here would not speak: the mistake is gone, or stands somewhere else. The silencers tell, not the cluster. */
export const ignoreWithoutEffect: LintRule = {
  name: 'ignore-without-effect',
  severity: 'warning',
  summary: 'A comment or annotation silences a rule that says nothing there',
  check: () => [],
}
