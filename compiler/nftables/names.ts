import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** 20 characters of base32 are 100 bits: nobody can write a policy whose name meets another one's (docs/ruleset.md). */
const LENGTH = 20

/**
 * A name made from content: equal content, equal name. Every prefix ends in a hyphen, since nft has reserved words
 * (a chain `fwd` is a syntax error).
 */
export function contentName(prefix: string, content: string): string {
  const digest = sha256(utf8ToBytes(content))
  let bits = 0
  let held = 0
  let name = `${prefix}-`
  for (const byte of digest) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      name += ALPHABET[(held >>> bits) & 31]
      if (name.length === prefix.length + 1 + LENGTH) return name
    }
    held &= (1 << bits) - 1
  }
  return name
}

/** A number from 1 to `highest` made from content. */
export function contentNumber(content: string, highest: number): number {
  const digest = sha256(utf8ToBytes(content))
  const value = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  return (value % highest) + 1
}

/** The chain that a verdict map's element for this address jumps to. A colon may not stand in a name. */
export function podChainName(map: string, address: string): string {
  return `${map}-${address.replaceAll(':', '_')}`
}

/** Is it the chain of one address? Packets come to those from a verdict map. */
export function isPodChainName(name: string): boolean {
  return /^(in|eg)[46]-/.test(name)
}

/** Is it a chain of a class, or one that a class's verdict map leads to? The fixed ones, in which they end, are none. */
export function isClassChainName(name: string): boolean {
  return /^[cf][46]-/.test(name)
}

/** Is it a chain that a class's verdict map leads to, one for each set of peers? */
export function isPortChainName(name: string): boolean {
  return /^f[46]-/.test(name)
}

/** Is it an interval set whose elements follow the pods? All other interval sets are named by their content. */
export function isEndpointRangesName(name: string): boolean {
  return /^y[46]-/.test(name)
}

/** Is it a set of addresses with a port each that follows the pods, without ranges? */
export function isEndpointsName(name: string): boolean {
  return /^x[46]-/.test(name)
}
