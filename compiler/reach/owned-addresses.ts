import type { Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges } from '../addresses/ranges.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'

/** Every address of the family that some pod owns. */
export function ownedAddresses(graph: AllowGraph, family: Family): readonly AddressRange[] {
  const owned = [...graph.owners.keys()].flatMap((text) => parseAddress(text) ?? [])
  const values = owned.filter((address) => address.family === family).map(({ value }) => value)
  return normalizeRanges(values.map((value) => ({ first: value, last: value })))
}
