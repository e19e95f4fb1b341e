import { type Address, addressWidth, type Family } from './address.ts'
import type { Block } from './block.ts'
import type { AddressRange } from './range.ts'

/** The addresses of a block, first to last. */
export function blockRange(block: Block): AddressRange {
  return { first: block.first, last: block.first + (1n << BigInt(addressWidth(block.family) - block.prefix)) - 1n }
}

/** The block of one address. */
export function hostBlock({ family, value }: Address): Block {
  return { family, first: value, prefix: addressWidth(family) }
}

/** Every address of the family. */
export function rangeOfFamily(family: Family): AddressRange {
  return blockRange({ family, first: 0n, prefix: 0 })
}

/** Whether every address of `inner` is in `outer`; blocks of two families share nothing. */
export function blockContains(outer: Block, inner: Block): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false
  const host = BigInt(addressWidth(outer.family) - outer.prefix)
  return inner.first >> host === outer.first >> host
}

/** The block that is exactly this range, if there is one. */
export function blockOfRange(range: AddressRange, family: Family): Block | undefined {
  const size = range.last - range.first + 1n
  if (size < 1n || (size & (size - 1n)) !== 0n || (range.first & (size - 1n)) !== 0n) return undefined
  return { family, first: range.first, prefix: addressWidth(family) - (size.toString(2).length - 1) }
}
