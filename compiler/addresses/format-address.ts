import type { Address } from './address.ts'

const MAPPED_PREFIX = 0xffffn

/**
 * The canonical text of an address. IPv6 as RFC 5952 §4 has it: lower case, no leading zeros, the longest run of at least
 * two zero groups as `::`, the first of equal runs; an IPv4-mapped value in mixed notation (§5).
 */
export function formatAddress(address: Address): string {
  switch (address.family) {
    case 'IPv4':
      return formatIPv4(address.value)
    case 'IPv6':
      return formatIPv6(address.value)
  }
}

function formatIPv4(value: bigint): string {
  const bits = Number(value)
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

function formatIPv6(value: bigint): string {
  // No text gives such a value (parseAddress says IPv4), but the end of a range can be one.
  if (value >> 32n === MAPPED_PREFIX) return `::ffff:${formatIPv4(value & 0xffffffffn)}`
  const digits = value.toString(16).padStart(32, '0')
  const groups = Array.from({ length: 8 }, (_, index) => Number.parseInt(digits.slice(index * 4, index * 4 + 4), 16))
  const zeros = longestZeroRun(groups)
  if (zeros.length < 2) return join(groups)
  return `${join(groups.slice(0, zeros.start))}::${join(groups.slice(zeros.start + zeros.length))}`
}

function join(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':')
}

interface Run {
  readonly start: number
  readonly length: number
}

function longestZeroRun(groups: readonly number[]): Run {
  let longest: Run = { start: 0, length: 0 }
  let start = 0
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start }
  }
  return longest
}
