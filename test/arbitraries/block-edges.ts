import { addressBits } from '../oracle/address-bits.ts'
import { cidrBits, inCidr } from '../oracle/in-block.ts'

/** A block's first and last address, and the ones just before and just after it where there are any; canonical text. */
export function blockEdges(cidr: string): readonly string[] {
  const block = cidrBits(cidr)
  if (block === undefined) throw new Error(`not a block: ${cidr}`)
  const first = BigInt(`0b0${block.prefix.padEnd(block.width, '0')}`)
  const last = BigInt(`0b0${block.prefix.padEnd(block.width, '1')}`)
  const end = 1n << BigInt(block.width)
  return [first - 1n, first, last, last + 1n]
    .filter((value) => value >= 0n && value < end)
    .map((value) => addressText(value.toString(2).padStart(block.width, '0')))
}

/** The canonical text of any spelling of an address. */
export function canonical(address: string): string {
  const bits = addressBits(address)
  if (bits === undefined) throw new Error(`not an address: ${address}`)
  return addressText(bits)
}

/**
 * Whether an ordinary host can have the address: not unspecified, loopback, link-local, multicast, reserved, broadcast.
 * Those never cross the hook, or meet a rule of their own before any policy.
 */
export function isOrdinary(address: string): boolean {
  return !SPECIAL.some((cidr) => inCidr(address, cidr))
}

const SPECIAL = [
  ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ['::/127', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8'],
].flat()

/** RFC 5952: the longest run of two or more zero groups, the first of equal ones, becomes `::`. */
function addressText(bits: string): string {
  if (bits.length === 32) return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)).join('.')
  const groups = (bits.match(/.{16}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16)).join(':')
  const runs = [...groups.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].map(([run]) => run)
  const longest = runs.toSorted((left, right) => right.length - left.length)[0]
  if (longest === undefined) return groups
  const [before = '', after = ''] = splitAt(groups, longest)
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}

/** Cuts `run` out where it stands as whole groups. */
function splitAt(groups: string, run: string): readonly string[] {
  const at = `:${groups}:`.indexOf(`:${run}:`)
  return [groups.slice(0, at), groups.slice(at + run.length)]
}
