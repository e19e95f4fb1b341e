import type { RuleUse } from '../rule-use.ts'
import { podName } from '../../objects/pod-name.ts'
import { type LintRule, type Remark, remarkOn } from '../lint-rule.ts'
import { type RuleOfPolicy, rulesOfPolicies } from '../policy-rules.ts'

/** So long nothing may have used it before that is worth a word: what runs once a week has run. */
const LEAST_DAYS = 7
const DAY_SECONDS = 86_400

/** A right that nobody uses is one that somebody could: agents know of those that were never used. */
export const ruleNeverUsed: LintRule = {
  name: 'rule-never-used',
  severity: 'note',
  summary: 'No connection has used the rule for a week, as the agents of all its pods have watched',
  check(input) {
    const { ruleUse } = input
    if (ruleUse === undefined) return []
    const usesOf = new Map<string | undefined, ReadonlyMap<string, RuleUse>>(
      ruleUse.map(({ node, rules }) => [node, new Map(rules.map((use) => [`${use.policy} ${use.rule}`, use]))]),
    )
    return rulesOfPolicies(input).flatMap((one): readonly Remark[] => {
      const nodes = nodesOf(one)
      const uses = nodes.map((node) =>
        usesOf.get(node)?.get(`${podName(one.policy)} ${one.direction}[${one.rule.index}]`),
      )
      const watched = uses.map((use) => (use?.use === 'never' ? use.age : 0))
      const days = Math.floor(
        watched.reduce((least, age) => Math.min(least, age), Number.MAX_SAFE_INTEGER) / DAY_SECONDS,
      )
      if (nodes.length === 0 || days < LEAST_DAYS) return []
      const where = nodes.length === 1 ? 'on the node of its pods' : `on all ${nodes.length} nodes of its pods`
      return [
        remarkOn(
          one.policy,
          one,
          `no connection has used it for ${days} days, ${where}`,
          'take it away, unless something rare needs it: a backup, a job of the month',
        ),
      ]
    })
  },
}

/** Where its pods run, as far as policy governs them. */
function nodesOf({ pods }: RuleOfPolicy): readonly (string | undefined)[] {
  const governed = [...pods].filter(({ hostNetwork, finished }) => !hostNetwork && !finished)
  return [...new Set(governed.map(({ node }) => node))]
}
