import { formatRange } from '../addresses/format-range.ts'
import type { BlockGrant } from './class-parts.ts'
import { contentSet } from './content-values.ts'
import { addressType, portsText, protocolWord } from './rule-text.ts'
import type { SetValue } from './ruleset.ts'
import type { Way } from './way.ts'

/** A set of blocks and how a packet is looked up in it. */
export interface BlockRule {
  readonly set: SetValue
  readonly match: string
}

/**
 * At most two interval sets: blocks for whole protocols (packets without ports included), and blocks for ports. Both
 * have keys of several fields, which the kernel keeps in a structure that no nft run has to download (unlike an interval
 * set of one field), and boxes that are disjoint because the grants are: it refuses some overlaps and accepts others.
 */
export function blockRules(blocks: readonly BlockGrant[], way: Way): readonly BlockRule[] {
  const whole = new Set<string>()
  const ports = new Set<string>()
  for (const block of blocks) {
    for (const range of block.ranges) {
      const addresses = formatRange(range, way.family)
      switch (block.ports.kind) {
        case 'any':
          whole.add(`${addresses} . 0-255`)
          break
        case 'protocol':
          whole.add(`${addresses} . ${protocolWord(block.ports.protocol)}`)
          break
        case 'range': {
          const { protocol, from, to } = block.ports
          ports.add(`${addresses} . ${protocolWord(protocol)} . ${portsText(from, to)}`)
        }
      }
    }
  }
  const rules: BlockRule[] = []
  const address = addressType(way.family)
  if (whole.size > 0) {
    const set = contentSet('set', `b${way.digit}`, [address, 'inet_proto'], whole, true)
    rules.push({ set, match: `${way.peer} . meta l4proto @${set.name}` })
  }
  if (ports.size > 0) {
    const set = contentSet('set', `z${way.digit}`, [address, 'inet_proto', 'inet_service'], ports, true)
    rules.push({ set, match: `${way.endpoint} @${set.name}` })
  }
  return rules
}
