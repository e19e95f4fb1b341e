/**
 * An address as its bits in text: 32 characters `0` and `1` for IPv4, 128 for IPv6. Slow, and too simple to be wrong:
 * equal addresses are equal texts however they were spelt, the length is the family, a prefix is a prefix.
 * Undefined when the text is no address.
 */
export function addressBits(text: string): string | undefined {
  return text.includes(':') ? bitsOfIpv6(text) : bitsOfIpv4(text)
}

function bitsOfIpv4(text: string): string | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('')
}

function bitsOfIpv6(text: string): string | undefined {
  const halves = text.split('::')
  // An IPv4 address may stand at the very end, nowhere else.
  if (halves.length > 2 || /\..*:/.test(text)) return undefined
  const [left, right] = halves.map((half) => (half === '' ? '' : bitsOfGroups(half)))
  if (left === undefined) return undefined
  if (halves.length === 1) return left.length === 128 ? left : undefined
  // `::` stands for at least one group of zeros.
  if (right === undefined || left.length + right.length > 112) return undefined
  return left + '0'.repeat(128 - left.length - right.length) + right
}

/** Groups between colons, an IPv4 address for the last two. */
function bitsOfGroups(text: string): string | undefined {
  const bits = text.split(':').map((group) => {
    if (group.includes('.')) return bitsOfIpv4(group)
    return /^[0-9a-fA-F]{1,4}$/.test(group) ? Number.parseInt(group, 16).toString(2).padStart(16, '0') : undefined
  })
  return bits.includes(undefined) ? undefined : bits.join('')
}
