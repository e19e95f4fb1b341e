import { intervalAlgebra } from './interval-algebra.ts'
import type { AddressRange } from './range.ts'

const algebra = intervalAlgebra<bigint, AddressRange>({
  first: (range) => range.first,
  last: (range) => range.last,
  interval: (first, last) => ({ first, last }),
  before: (value) => value - 1n,
  after: (value) => value + 1n,
})

/*
 * Sets of addresses of one family, as ranges in normal form: sorted, disjoint, no two adjacent. normalizeRanges takes
 * ranges in any order; all other functions here take the normal form and return it.
 */

/** The normal form of any list of ranges; throws on a range that ends before it starts (a bug). */
export const normalizeRanges = algebra.normalize

/** What is in either set. */
export const unionRanges = algebra.union

/** What is in the first set and not in the second. */
export const subtractRanges = algebra.subtract

/** What is in both sets. */
export const intersectRanges = algebra.intersect

/** Whether the set has the address; a binary search. */
export const rangesContain = algebra.contain

/** Whether the first set has every address of the second. */
export const rangesCover = algebra.cover

/** A text that two sets of one family share exactly when they are equal; for names and map keys, not for people. */
export function rangesKey(ranges: readonly AddressRange[]): string {
  return ranges.map(({ first, last }) => `${first.toString(16)}-${last.toString(16)}`).join(',')
}
