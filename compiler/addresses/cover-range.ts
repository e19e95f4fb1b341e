import { addressWidth, type Family } from './address.ts'
import type { Block } from './block.ts'
import { rangeOfFamily } from './block-range.ts'
import type { AddressRange } from './range.ts'

/**
 * The fewest blocks that together are exactly the range, in order: at most 62 for IPv4, 254 for IPv6. Throws on a range
 * that is empty or reaches outside the family (a bug).
 */
export function coverRange(range: AddressRange, family: Family): readonly Block[] {
  const all = rangeOfFamily(family)
  if (range.first > range.last || range.first < all.first || range.last > all.last) {
    throw new RangeError(`no ${family} range: ${range.first}-${range.last}`)
  }
  const width = addressWidth(family)
  const blocks: Block[] = []
  let host = 0
  // Largest block first at every step. Sizes grow while alignment allows, then shrink while the end nears, never both.
  for (let first = range.first; first <= range.last; first += 1n << BigInt(host)) {
    while (isAligned(first, host + 1) && fits(first, host + 1, range.last)) host++
    while (!fits(first, host, range.last)) host--
    blocks.push({ family, first, prefix: width - host })
  }
  return blocks
}

function isAligned(first: bigint, hostBits: number): boolean {
  return BigInt.asUintN(hostBits, first) === 0n
}

function fits(first: bigint, hostBits: number, last: bigint): boolean {
  return first + (1n << BigInt(hostBits)) - 1n <= last
}
