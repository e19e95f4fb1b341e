import { intervalAlgebra } from './interval-algebra.ts'

/** Ports of one protocol from `from` to `to`, both included (a rule's port and endPort). */
export interface PortRange {
  readonly from: number
  readonly to: number
}

const algebra = intervalAlgebra<number, PortRange>({
  first: (range) => range.from,
  last: (range) => range.to,
  interval: (from, to) => ({ from, to }),
  before: (port) => port - 1,
  after: (port) => port + 1,
})

/*
 * Sets of ports, as ranges in normal form: sorted, disjoint, no two adjacent. normalizePortRanges takes ranges in any
 * order; all other functions here take the normal form and return it.
 */

/** The normal form of any list of port ranges; throws on a range that ends before it starts (a bug). */
export const normalizePortRanges = algebra.normalize

/** What is in either set. */
export const unionPortRanges = algebra.union

/** What is in the first set and not in the second. */
export const subtractPortRanges = algebra.subtract

/** What is in both sets. */
export const intersectPortRanges = algebra.intersect

/** Whether the set has the port; a binary search. */
export const portRangesContain = algebra.contain

/** Whether the first set has every port of the second. */
export const portRangesCover = algebra.cover
