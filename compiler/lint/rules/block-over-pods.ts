import { blockRange } from '../../addresses/block-range.ts'
import { formatBlock } from '../../addresses/format-block.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import { normalizeRanges, rangesContain, subtractRanges } from '../../addresses/ranges.ts'
import { podName } from '../../objects/pod-name.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Addresses of pods change; a block that holds some of them grants to whoever gets such an address next. */
export const blockOverPods: LintRule = {
  name: 'block-over-pods',
  severity: 'note',
  summary: 'An ipBlock holds addresses of pods',
  check(input) {
    const owners = [...input.cluster.graph.owners].flatMap(([text, { pod }]) => {
      const address = parseAddress(text)
      return address === undefined ? [] : [{ address, name: podName(pod) }]
    })
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) =>
      (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) => {
        if (peer.kind !== 'block') return []
        const ranges = subtractRanges([blockRange(peer.block)], normalizeRanges(peer.excepts.map(blockRange)))
        const inside = owners.filter(
          ({ address }) => address.family === peer.block.family && rangesContain(ranges, address.value),
        )
        const [first] = inside
        if (first === undefined) return []
        const others = inside.length > 1 ? ` and ${inside.length - 1} more` : ''
        const message = `ipBlock ${formatBlock(peer.block)} holds addresses of pods: ${first.name}${others}`
        const hint = 'select pods by labels, and except the pods’ range if only addresses outside are meant'
        return [remarkOn(policy, { direction, rule }, message, hint)]
      }),
    )
  },
}
