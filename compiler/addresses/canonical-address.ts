import { formatAddress } from './format-address.ts'
import { parseAddress } from './parse-address.ts'
import { parseDottedQuad } from './parse-dotted-quad.ts'

/**
 * The one text of the address that `text` means, so that equal addresses are equal strings; undefined when it is none
 * ({@link parseAddress}). A valid dotted quad has no other spelling and comes back as it is.
 */
export function canonicalAddress(text: string): string | undefined {
  if (parseDottedQuad(text) !== undefined) return text
  const address = parseAddress(text)
  return address && formatAddress(address)
}
