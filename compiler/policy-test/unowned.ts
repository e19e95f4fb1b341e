import type { AddressRange } from '../addresses/range.ts'
import { subtractRanges } from '../addresses/ranges.ts'

/** Ranges less the addresses that pods own, of which there may be thousands: only those in reach are looked at. */
export function unowned(ranges: readonly AddressRange[], owned: readonly AddressRange[]): readonly AddressRange[] {
  return ranges.flatMap((range) => {
    const start = firstEndingAt(owned, range.first)
    let end = start
    while (end < owned.length && (owned[end]?.first ?? 0n) <= range.last) end += 1
    return subtractRanges([range], owned.slice(start, end))
  })
}

/** Has some address of these no owner? */
export function hasUnowned(ranges: readonly AddressRange[], owned: readonly AddressRange[]): boolean {
  return ranges.some((range) => unowned([range], owned).length > 0)
}

/** The first range that does not end before the address: a binary search. */
function firstEndingAt(ranges: readonly AddressRange[], address: bigint): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range !== undefined && range.last < address) low = middle + 1
    else high = middle
  }
  return low
}
