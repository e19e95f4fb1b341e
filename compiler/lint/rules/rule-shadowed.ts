import { buildGrants } from '../../graph/build-grants.ts'
import { grantsCover } from '../../graph/grants-cover.ts'
import { podName } from '../../objects/pod-name.ts'
import type { Grants } from '../../graph/grants.ts'
import { mayCover } from '../../graph/may-cover.ts'
import type { PolicyRule } from '../../objects/objects.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { type RuleOfPolicy, rulesOfPolicies } from '../policy-rules.ts'

/** A rule that another rule for the same pods covers wholly changes nothing; taking it away would not either. */
export const ruleShadowed: LintRule = {
  name: 'rule-shadowed',
  severity: 'note',
  summary: 'Everything that the rule grants, another rule for the same pods grants already',
  check(input) {
    const rules = rulesOfPolicies(input)
    const keyOf = ({ direction, policy: { namespace } }: RuleOfPolicy, selector: string) =>
      `${direction} ${namespace} ${selector}`
    const groups = Map.groupBy(rules, (one) => keyOf(one, one.policy.podSelector.key))
    const positions = new Map(rules.map((one, position) => [one, position]))
    const positionOf = (one: RuleOfPolicy) => positions.get(one) ?? 0
    return rules.flatMap((one) => {
      // Only rules with the same selector, or with the empty one, can be for all of the same pods.
      const [wider] = [...new Set([one.policy.podSelector.key, ''])]
        .flatMap((selector) => {
          const found = groups.get(keyOf(one, selector))?.find(
            (other) =>
              other !== one &&
              isShadowedBy(one, other) &&
              // Of two that say the same, the first stays.
              (positionOf(other) < positionOf(one) || !isShadowedBy(other, one)),
          )
          return found ?? []
        })
        .sort((left, right) => positionOf(left) - positionOf(right))
      if (wider === undefined) return []
      const { policy, direction, rule } = one
      const where =
        wider.policy === policy
          ? `${direction}[${wider.rule.index}]`
          : `${podName(wider.policy)} ${direction}[${wider.rule.index}]`
      return [
        remarkOn(policy, { direction, rule }, `grants nothing that ${where} does not grant`, 'take one of them away'),
      ]
    })
  },
}

function isShadowedBy(one: RuleOfPolicy, other: RuleOfPolicy): boolean {
  return isForSamePods(one, other) && covers(other, one)
}

/** By formula, not by today's pods: the next pod shall not make it wrong. */
function isForSamePods(one: RuleOfPolicy, other: RuleOfPolicy): boolean {
  if (one.direction !== other.direction || one.policy.namespace !== other.policy.namespace) return false
  return other.policy.podSelector.key === one.policy.podSelector.key || other.policy.podSelector.key === ''
}

function covers(wider: RuleOfPolicy, narrower: RuleOfPolicy): boolean {
  const [wide, narrow] = [grantsOf(wider), grantsOf(narrower)]
  return narrow.list.length > 0 && mayCover(wide, narrow) && grantsCover(wide, narrow)
}

/** A rule is held against many others. */
const known = new WeakMap<PolicyRule, Grants>()

function grantsOf({ policy: { namespace }, rule }: RuleOfPolicy): Grants {
  let grants = known.get(rule)
  // As for egress, names stay names, whichever pod they would be resolved on.
  if (grants === undefined) known.set(rule, (grants = buildGrants([{ rule, namespace }], 'egress', []).grants))
  return grants
}
