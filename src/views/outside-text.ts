import type { Family } from '../../compiler/addresses/address.ts'
import { blockRange, rangeOfFamily } from '../../compiler/addresses/block-range.ts'
import { coverRange } from '../../compiler/addresses/cover-range.ts'
import { formatBlock } from '../../compiler/addresses/format-block.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { AddressRange } from '../../compiler/addresses/range.ts'
import { normalizeRanges, subtractRanges } from '../../compiler/addresses/ranges.ts'

const MOST_BLOCKS = 4

/** CIDRs of one family in as few words as they allow: `0.0.0.0/0 except 10.0.0.0/8` rather than the ten blocks between. */
export function outsideText(cidrs: readonly string[]): string {
  const blocks = cidrs.flatMap((cidr) => parseBlock(cidr)?.block ?? [])
  const family = blocks[0]?.family
  if (family === undefined) return cidrs.join(', ')
  const ranges = normalizeRanges(blocks.map(blockRange))
  const plain = blocksText(ranges, family)
  if (ranges.length === 1 && blocks.length === 1) return plain.text
  const whole = smallestAround(ranges, family)
  const holes = blocksText(subtractRanges([whole.range], ranges), family)
  if (holes.count === 0) return whole.text
  if (holes.count >= plain.count) return plain.text
  return `${whole.text} except ${holes.text}`
}

interface BlocksText {
  readonly text: string
  readonly count: number
}

function blocksText(ranges: readonly AddressRange[], family: Family): BlocksText {
  const blocks = ranges.flatMap((range) => coverRange(range, family)).map(formatBlock)
  const rest = blocks.length - MOST_BLOCKS
  const shown = rest > 1 ? [...blocks.slice(0, MOST_BLOCKS), `${rest} more`] : blocks
  return { text: shown.join(', '), count: blocks.length }
}

/** The smallest block that holds them all. */
function smallestAround(
  ranges: readonly AddressRange[],
  family: Family,
): { readonly range: AddressRange; readonly text: string } {
  const first = ranges[0]?.first ?? 0n
  const last = ranges.at(-1)?.last ?? 0n
  const width = rangeOfFamily(family).last.toString(2).length
  const host = (first ^ last).toString(2).replace(/^0$/, '').length
  const block = { family, first: (first >> BigInt(host)) << BigInt(host), prefix: width - host }
  return { range: blockRange(block), text: formatBlock(block) }
}
