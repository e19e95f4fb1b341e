import { fieldsOf, textsOf } from '../../cluster/loose-fields.ts'
import { podName } from '../../objects/pod-name.ts'
import { type LintRule, type Remark } from '../lint-rule.ts'
import { rawAt } from '../raw-object.ts'

/** policyTypes decides which lists count: rules of a direction that it leaves out are ignored by every engine. */
export const rulesWithoutType: LintRule = {
  name: 'rules-without-type',
  severity: 'error',
  summary: 'policyTypes leaves out a direction that has rules',
  check({ cluster, raw }) {
    const names = new Map(cluster.selections.map(({ policy }) => [rawAt(raw, policy.place), podName(policy)]))
    return raw.flatMap((one): readonly Remark[] => {
      if (one.kind !== 'NetworkPolicy') return []
      const spec = fieldsOf(one.value, 'spec')
      const types = textsOf(spec, 'policyTypes')
      if (types.length === 0) return []
      return (['ingress', 'egress'] as const).flatMap((direction) => {
        const type = direction === 'ingress' ? 'Ingress' : 'Egress'
        const list = spec[direction]
        if (types.includes(type) || !Array.isArray(list) || list.length === 0) return []
        const object = `NetworkPolicy ${names.get(one) ?? one.name}`
        const message = `policyTypes does not hold ${type}: the ${direction} rules are ignored`
        return [
          {
            place: one.place(['spec', direction]),
            object,
            message,
            hint: `add ${type} to policyTypes, or take the rules away`,
          },
        ]
      })
    })
  },
}
