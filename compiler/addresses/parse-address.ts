import type { Address } from './address.ts'
import { parseDottedQuad } from './parse-dotted-quad.ts'

const MAPPED_PREFIX = 0xffffn
const GROUP = /^[0-9A-Fa-f]{1,4}$/

/**
 * An address from its text: dotted quad without leading zeros, or RFC 4291 §2.2 IPv6 with `::` and an embedded IPv4.
 * No zone, no brackets, no blanks; undefined for everything else. An IPv4-mapped address (`::ffff:1.2.3.4`, RFC 4291
 * §2.5.5.2) is the IPv4 address inside, because Kubernetes reads it so (Go's net.IP does not tell the two apart).
 */
export function parseAddress(text: string): Address | undefined {
  const quad = parseDottedQuad(text)
  if (quad !== undefined) return { family: 'IPv4', value: BigInt(quad) }
  const value = parseIPv6(text)
  if (value === undefined) return undefined
  if (value >> 32n === MAPPED_PREFIX) return { family: 'IPv4', value: value & 0xffffffffn }
  return { family: 'IPv6', value }
}

export interface LenientAddress {
  readonly address: Address
  /** The text had octets like `010`, which others may read as octal: worth a warning. */
  readonly leadingZeros: boolean
}

/**
 * As {@link parseAddress}, and IPv4 octets may have leading zeros, read as decimal: what the API server accepts in the
 * address fields that it has always had (k8s.io/utils/net ParseIPSloppy, kubernetes#100895). It also takes IPv6 groups of
 * more than four digits (`00001::`); here they are no address.
 */
export function parseAddressLeniently(text: string): LenientAddress | undefined {
  const strict = parseAddress(text)
  if (strict !== undefined) return { address: strict, leadingZeros: false }
  const stripped = withoutLeadingZeros(text)
  if (stripped === text) return undefined
  const address = parseAddress(stripped)
  return address && { address, leadingZeros: true }
}

/** The dotted part is what follows the last colon, or the whole text; hexadecimal groups stay as they are. */
function withoutLeadingZeros(text: string): string {
  const start = text.lastIndexOf(':') + 1
  const dotted = text.slice(start)
  if (!dotted.includes('.')) return text
  return text.slice(0, start) + dotted.replace(/(^|\.)0+(?=\d)/g, '$1')
}

function parseIPv6(text: string): bigint | undefined {
  const hexadecimal = withoutEmbeddedIPv4(text)
  if (hexadecimal === undefined) return undefined
  const [head, tail, ...more] = hexadecimal.split('::')
  if (head === undefined || more.length > 0) return undefined
  const before = groupsOf(head)
  if (tail === undefined) return before.length === 8 ? valueOf(before) : undefined
  const after = groupsOf(tail)
  const missing = 8 - before.length - after.length
  // `::` stands for at least one group, in RFC 4291 as in Go.
  if (missing < 1) return undefined
  return valueOf([...before, ...Array<string>(missing).fill('0'), ...after])
}

/** `::ffff:1.2.3.4` as `::ffff:102:304`; text without dots as it is. */
function withoutEmbeddedIPv4(text: string): string | undefined {
  if (!text.includes('.')) return text
  const start = text.lastIndexOf(':') + 1
  const quad = parseDottedQuad(text.slice(start))
  if (quad === undefined) return undefined
  return `${text.slice(0, start)}${(quad >>> 16).toString(16)}:${(quad & 0xffff).toString(16)}`
}

function groupsOf(part: string): readonly string[] {
  return part === '' ? [] : part.split(':')
}

function valueOf(groups: readonly string[]): bigint | undefined {
  if (!groups.every((group) => GROUP.test(group))) return undefined
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`)
}
