import { isIPv4, isIPv6 } from 'node:net'

/** An address as a number; `family` is the IP version. */
export interface Address {
  readonly family: 4 | 6
  readonly value: bigint
}

/** Undefined when the text is no address. */
export function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 4, value: readIpv4(text) }
  if (isIPv6(text) && !text.includes('%')) return { family: 6, value: readIpv6(text) }
  return undefined
}

function readIpv4(text: string): bigint {
  return text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n)
}

function readIpv6(text: string): bigint {
  const [left = '', right] = text.split('::')
  const head = readGroups(left)
  if (right === undefined) return joinGroups(head)
  const tail = readGroups(right)
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0n)
  return joinGroups([...head, ...zeros, ...tail])
}

/** Groups of 16 bits; an IPv4 address at the end is two of them. */
function readGroups(text: string): readonly bigint[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)]
    const value = readIpv4(group)
    return [value >> 16n, value & 0xffffn]
  })
}

function joinGroups(groups: readonly bigint[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

/** The same text for the same address, however it was spelt; for people, not for nft. */
export function addressText({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => `${(value >> shift) & 255n}`).join('.')
  const digits = value.toString(16).padStart(32, '0')
  return (digits.match(/.{4}/g) ?? []).join(':')
}
