import { isIPv4, isIPv6 } from 'node:net'

/** The bytes of an address as they stand in a packet: 4 for IPv4, 16 for IPv6. Throws on anything else. */
export function readAddress(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!isIPv6(text) || text.includes('%')) throw new TypeError(`not an IP address: ${text}`)
  const [head = '', tail] = embedIPv4(text).split('::')
  const left = readGroups(head)
  const right = tail === undefined ? [] : readGroups(tail)
  const groups = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** One text per address, so that texts can be compared: IPv6 in eight groups of hexadecimal digits. */
export function canonicalAddress(text: string): string {
  const bytes = readAddress(text)
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let index = 0; index < 16; index += 2) {
    groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16))
  }
  return groups.join(':')
}

function readGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

/** ::ffff:10.0.0.1 → ::ffff:a00:1 */
function embedIPv4(text: string): string {
  const start = text.lastIndexOf(':') + 1
  const last = text.slice(start)
  if (!last.includes('.')) return text
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number)
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}
