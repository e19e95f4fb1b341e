import { addressBits } from './address-bits.ts'
import type { RawIpBlock } from './raw-cluster.ts'

/** Whether an ipBlock matches the address: of the cidr's family, inside the cidr, in none of this block's excepts. */
export function inBlock(address: string, block: RawIpBlock): boolean {
  return inCidr(address, block.cidr) && !(block.except ?? []).some((except) => inCidr(address, except))
}

/** Whether the cidr covers the address; bits after the prefix do not count (10.1.2.3/8 is 10.0.0.0/8). */
export function inCidr(address: string, cidr: string): boolean {
  const bits = addressBits(address)
  const block = cidrBits(cidr)
  if (bits === undefined || block === undefined) return false
  return bits.length === block.width && bits.startsWith(block.prefix)
}

/** A cidr's fixed bits, and the width of its family (32 or 128); undefined when the text is no cidr. */
export function cidrBits(cidr: string): { readonly prefix: string; readonly width: number } | undefined {
  const [address = '', length = '', ...rest] = cidr.split('/')
  const bits = addressBits(address)
  if (bits === undefined || rest.length > 0 || !/^[0-9]{1,3}$/.test(length)) return undefined
  if (Number(length) > bits.length) return undefined
  return { prefix: bits.slice(0, Number(length)), width: bits.length }
}
