import type { Block } from '../addresses/block.ts'
import { formatAddress } from '../addresses/format-address.ts'
import { formatBlock } from '../addresses/format-block.ts'

/** A block as nft lists it in a rule: one of a single address is that address. */
export function blockText(block: Block): string {
  const bits = block.family === 'IPv4' ? 32 : 128
  return block.prefix === bits ? formatAddress({ family: block.family, value: block.first }) : formatBlock(block)
}
