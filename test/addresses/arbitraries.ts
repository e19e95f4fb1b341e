import fc from 'fast-check'
import { type Address, addressWidth, FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Block } from '../../compiler/addresses/block.ts'
import type { AddressRange } from '../../compiler/addresses/range.ts'

export const family: fc.Arbitrary<Family> = fc.constantFrom(...FAMILIES)

/** Values of the family: anything, and often the ends and what lies a power of two away, where carries go wrong. */
export function valueOf(wanted: Family): fc.Arbitrary<bigint> {
  const width = addressWidth(wanted)
  const max = (1n << BigInt(width)) - 1n
  const nearPower = fc
    .tuple(fc.nat({ max: width - 1 }), fc.bigInt({ min: -2n, max: 2n }))
    .map(([bit, offset]) => BigInt.asUintN(width, (1n << BigInt(bit)) + offset))
  const sparse = fc
    .array(fc.constantFrom(0n, 0n, 0n, 1n, 0xa0n, 0xffffn), { minLength: width / 16, maxLength: width / 16 })
    .map((groups) => groups.reduce<bigint>((value, group) => (value << 16n) | group, 0n))
  return fc.oneof(fc.bigInt({ min: 0n, max }), nearPower, sparse)
}

/** Any address, the IPv4-mapped IPv6 values left out: their text means IPv4. */
export const address: fc.Arbitrary<Address> = family.chain((wanted) =>
  valueOf(wanted)
    .map((value) => ({ family: wanted, value }))
    .filter(({ value }) => wanted === 'IPv4' || value >> 32n !== 0xffffn),
)

/** Any block but those of IPv4-mapped addresses, for the same reason. */
export const block: fc.Arbitrary<Block> = address.chain(({ family: wanted, value }) =>
  fc.nat({ max: addressWidth(wanted) }).map((prefix) => {
    const host = BigInt(addressWidth(wanted) - prefix)
    return { family: wanted, first: (value >> host) << host, prefix }
  }),
)

export interface FamilyRange {
  readonly family: Family
  readonly range: AddressRange
}

/** Any range: of two values anywhere, or a few addresses long. */
export const familyRange: fc.Arbitrary<FamilyRange> = family.chain((wanted) => {
  const max = (1n << BigInt(addressWidth(wanted))) - 1n
  const wide = fc
    .tuple(valueOf(wanted), valueOf(wanted))
    .map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a }))
  const short = fc
    .tuple(valueOf(wanted), fc.bigInt({ min: 0n, max: 70n }))
    .map(([first, more]) => ({ first, last: first + more > max ? max : first + more }))
  return fc.oneof(wide, short).map((range) => ({ family: wanted, range }))
})
