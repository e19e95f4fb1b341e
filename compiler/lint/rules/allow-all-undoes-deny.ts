import { podName } from '../../objects/pod-name.ts'
import type { PolicyRule } from '../../objects/objects.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/**
 * Policies only add. One that allows everything leaves nothing of what others restrict for the same pods. All closed and
 * some opened again is a habit, and no mistake: a policy without rules for more pods than these is no finding.
 */
export const allowAllUndoesDeny: LintRule = {
  name: 'allow-all-undoes-deny',
  severity: 'warning',
  summary: 'The policy allows everything to pods that another policy restricts',
  check(input) {
    const inNamespace = Map.groupBy(input.cluster.selections, ({ policy }) => policy.namespace)
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule, pods: own }) => {
      if (!allowsAll(rule)) return []
      const first = (inNamespace.get(policy.namespace) ?? []).find(({ policy: other, pods }) => {
        const side = other[direction]
        if (other === policy || side?.kind !== 'rules' || side.rules.some(allowsAll)) return false
        const isDefault = side.rules.length === 0 && pods.some((pod) => !own.has(pod))
        return !isDefault && pods.some((pod) => own.has(pod))
      })
      if (first === undefined) return []
      const pod = first.pods.find((one) => own.has(one))
      const message = `allows every ${direction} of ${pod === undefined ? 'its pods' : podName(pod)}, which ${podName(first.policy)} restricts: nothing is left of that`
      return [remarkOn(policy, { direction, rule }, message, 'policies only add up; take one of the two away')]
    })
  },
}

function allowsAll({ peers, ports }: PolicyRule): boolean {
  return peers === 'anyone' && ports === 'any'
}
