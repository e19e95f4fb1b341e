import { formatBlock } from '../../addresses/format-block.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import { parseBlock } from '../../addresses/parse-block.ts'
import { fieldsOf, itemsOf, textOf, textsOf } from '../../cluster/loose-fields.ts'
import { podName } from '../../objects/pod-name.ts'
import type { FieldPath } from '../../objects/field-path.ts'
import { type LintRule, type Remark } from '../lint-rule.ts'
import { type RawObject, rawAt } from '../raw-object.ts'

/** Bits behind the prefix do not count: 10.0.0.0/0 is everybody. */
export const blockWithHostBits: LintRule = {
  name: 'block-with-host-bits',
  severity: 'warning',
  summary: 'A CIDR has bits behind its prefix, which do not count',
  check({ cluster, raw }) {
    return cluster.selections.flatMap(({ policy }) => {
      const found = rawAt(raw, policy.place)
      return (found === undefined ? [] : cidrsOf(found)).flatMap(({ text, path }): readonly Remark[] => {
        const block = parseBlock(text)?.block
        const address = parseAddress(text.split('/')[0] ?? '')
        if (block === undefined || address === undefined || address.value === block.first) return []
        const message = `${text} is ambiguous: it is read as ${formatBlock(block)}`
        const hint = 'write that, or the prefix that was meant'
        return [{ place: found?.place(path), object: `NetworkPolicy ${podName(policy)}`, message, hint }]
      })
    })
  },
}

function cidrsOf({ value }: RawObject): readonly { readonly text: string; readonly path: FieldPath }[] {
  const spec = fieldsOf(value, 'spec')
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    itemsOf(spec, direction).flatMap((rule, index) => {
      const list = direction === 'ingress' ? 'from' : 'to'
      return itemsOf(rule, list).flatMap((peer, at) => {
        const block = fieldsOf(peer, 'ipBlock')
        const path = ['spec', direction, index, list, at, 'ipBlock'] as const
        const cidr = textOf(block, 'cidr')
        return [
          ...(cidr === undefined ? [] : [{ text: cidr, path: [...path, 'cidr'] }]),
          ...textsOf(block, 'except').map((text, hole) => ({ text, path: [...path, 'except', hole] })),
        ]
      })
    }),
  )
}
