import type { Address, Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { rangesContain } from '../addresses/ranges.ts'

/** Which of some sets of addresses hold an address, by their positions; equal answers are one array. */
export type BlockIndex = (address: Address) => readonly number[]

/**
 * Between two neighbouring ends of ranges all addresses are in the same sets, so each such stretch is asked once, however
 * many addresses fall into it.
 */
export function createBlockIndex(sets: Readonly<Record<Family, readonly (readonly AddressRange[])[]>>): BlockIndex {
  const stretches = { IPv4: stretchesOf(sets.IPv4), IPv6: stretchesOf(sets.IPv6) }
  const known = { IPv4: new Map<number, readonly number[]>(), IPv6: new Map<number, readonly number[]>() }
  return ({ family, value }) => {
    const stretch = stretchOf(stretches[family], value)
    let holding = known[family].get(stretch)
    if (holding === undefined) {
      holding = sets[family].flatMap((ranges, index) => (rangesContain(ranges, value) ? [index] : []))
      known[family].set(stretch, holding)
    }
    return holding
  }
}

/** Where each stretch begins, but for the first. */
function stretchesOf(sets: readonly (readonly AddressRange[])[]): readonly bigint[] {
  const starts = new Set(sets.flatMap((ranges) => ranges.flatMap(({ first, last }) => [first, last + 1n])))
  return [...starts].sort((left, right) => (left < right ? -1 : 1))
}

/** How many stretches begin at the address or before it. */
function stretchOf(starts: readonly bigint[], value: bigint): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0n) <= value) low = middle + 1
    else high = middle
  }
  return low
}
