const ZERO = 48
const DOT = 46

/**
 * An IPv4 address in dotted quad as an unsigned 32-bit number; undefined for anything else, leading zeros included.
 * Walks the characters and allocates nothing: it sees every pod of the cluster.
 */
export function parseDottedQuad(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined
  let value = 0
  let octet = 0
  let digits = 0
  let octets = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === DOT) {
      if (digits === 0) return undefined
      value = value * 256 + octet
      octets++
      octet = 0
      digits = 0
    } else {
      if (code < ZERO || code > ZERO + 9) return undefined
      if (digits > 0 && octet === 0) return undefined
      octet = octet * 10 + (code - ZERO)
      if (octet > 255) return undefined
      digits++
    }
  }
  return octets === 3 && digits > 0 ? value * 256 + octet : undefined
}
