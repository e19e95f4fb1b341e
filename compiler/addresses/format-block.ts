import type { Block } from './block.ts'
import { formatAddress } from './format-address.ts'

/** The canonical CIDR text, always with its prefix: `10.0.0.0/8`, `10.0.0.1/32`, `::/0`. */
export function formatBlock(block: Block): string {
  return `${formatAddress({ family: block.family, value: block.first })}/${block.prefix}`
}
