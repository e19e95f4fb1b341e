import { formatRange } from '../addresses/format-range.ts'
import type { BlockGrant } from './class-parts.ts'
import { contentSet } from './content-values.ts'
import { addressType, portField, portsText, protocolWord } from './rule-text.ts'
import { inSet } from './rule-value.ts'
import type { Lookup, SetValue } from './ruleset.ts'
import type { Way } from './way.ts'

/** A look into an interval set costs as much as some thirty comparisons: up to so many blocks are compared one by one. */
const FEW_BLOCKS = 8

/** How the packet is checked against blocks: what each rule matches, and the sets that they look into. */
export interface BlockRules {
  readonly matches: readonly (string | Lookup)[]
  readonly sets: readonly SetValue[]
}

/** A rule for each of a few blocks; for more, at most two interval sets. */
export function blockRules(blocks: readonly BlockGrant[], way: Way): BlockRules {
  const boxes = blocks.reduce((sum, { ranges }) => sum + ranges.length, 0)
  return boxes <= FEW_BLOCKS ? oneRuleEach(blocks, way) : intervalSets(blocks, way)
}

function oneRuleEach(blocks: readonly BlockGrant[], way: Way): BlockRules {
  const matches = blocks.flatMap(({ ports, ranges }) =>
    ranges.map((range) => `${portsMatch(ports, way)} ${way.peer} ${formatRange(range, way.family)}`.trimStart()),
  )
  return { matches, sets: [] }
}

function portsMatch(ports: BlockGrant['ports'], way: Way): string {
  switch (ports.kind) {
    case 'any':
      return ''
    case 'protocol':
      return `meta l4proto ${protocolWord(ports.protocol)}`
    case 'range':
      return `${protocolWord(ports.protocol)} ${portField(way.portSide)} ${portsText(ports.from, ports.to)}`
  }
}

/**
 * Blocks for whole protocols (packets without ports included), and blocks for ports. Both sets have keys of several
 * fields, which the kernel keeps in a structure that no nft run has to download (unlike an interval set of one field),
 * and boxes that are disjoint because the grants are: it refuses some overlaps and accepts others.
 */
function intervalSets(blocks: readonly BlockGrant[], way: Way): BlockRules {
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
  const address = addressType(way.family)
  const matches: Lookup[] = []
  const sets: SetValue[] = []
  if (whole.size > 0) {
    const set = contentSet(`b${way.digit}`, [address, 'inet_proto'], whole, true)
    sets.push(set)
    matches.push(inSet(`${way.peer} . ${way.protocol}`, set.name))
  }
  if (ports.size > 0) {
    const set = contentSet(`z${way.digit}`, [address, 'inet_proto', 'inet_service'], ports, true)
    sets.push(set)
    matches.push(inSet(way.endpoint, set.name))
  }
  return { matches, sets }
}
