import { type Address, addressWidth } from './address.ts'
import type { Block } from './block.ts'
import { parseAddressLeniently } from './parse-address.ts'

const PREFIX = /^(?:0|[1-9]\d{0,2})$/
const MAPPED_BASE = 0xffff_0000_0000n
const MAPPED_BITS = 96

export interface ParsedBlock {
  readonly block: Block
  /** The text had bits set behind the prefix (`10.1.2.3/8`); they are cleared, as Kubernetes ignores them. */
  readonly hostBits: boolean
  /** The address was written with leading zeros ({@link parseAddressLeniently}). */
  readonly leadingZeros: boolean
}

/**
 * A CIDR from its text (NetworkPolicy's ipBlock.cidr and except): an address, read leniently, and a prefix length in plain
 * decimal, 0–32 or 0–128, without sign or leading zero. Undefined when it is none. A block of IPv4-mapped addresses
 * (`::ffff:10.0.0.0/104`) is the IPv4 block inside; one that reaches beyond them is an IPv6 block: both as Go's net.IPNet.
 * Stricter than the API server in one thing: it lets `/08` pass.
 */
export function parseBlock(text: string): ParsedBlock | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const written = text.slice(0, slash)
  const prefixText = text.slice(slash + 1)
  const parsed = parseAddressLeniently(written)
  if (parsed === undefined || !PREFIX.test(prefixText)) return undefined
  const { address, leadingZeros } = parsed
  const prefix = Number(prefixText)
  const mapped = address.family === 'IPv4' && written.includes(':')
  if (prefix > (mapped ? 128 : addressWidth(address.family))) return undefined
  if (!mapped) return { ...cut(address, prefix), leadingZeros }
  if (prefix >= MAPPED_BITS) return { ...cut(address, prefix - MAPPED_BITS), leadingZeros }
  return { ...cut({ family: 'IPv6', value: MAPPED_BASE + address.value }, prefix), leadingZeros }
}

function cut({ family, value }: Address, prefix: number): { readonly block: Block; readonly hostBits: boolean } {
  const host = BigInt(addressWidth(family) - prefix)
  const first = (value >> host) << host
  return { block: { family, first, prefix }, hostBits: first !== value }
}
