import { addressWidth, type Family } from './address.ts'
import { blockOfRange } from './block-range.ts'
import { formatAddress } from './format-address.ts'
import { formatBlock } from './format-block.ts'
import type { AddressRange } from './range.ts'

/**
 * A range as nft writes it in an interval set: the CIDR when it is one, without `/32` or `/128` for a single address,
 * else `first-last`.
 */
export function formatRange(range: AddressRange, family: Family): string {
  const block = blockOfRange(range, family)
  if (block?.prefix === addressWidth(family)) return formatAddress({ family, value: range.first })
  if (block !== undefined) return formatBlock(block)
  return `${formatAddress({ family, value: range.first })}-${formatAddress({ family, value: range.last })}`
}
