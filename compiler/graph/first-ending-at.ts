import type { Grant } from './grants.ts'

/** The position of the first of these intervals of ports, sorted and disjoint, that does not end before the port: a binary search. */
export function firstEndingAt(ranges: readonly Grant[], port: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const ports = ranges[middle]?.ports
    if (ports?.kind === 'range' && ports.to < port) low = middle + 1
    else high = middle
  }
  return low
}
