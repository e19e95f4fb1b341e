import { addressText, readAddress } from './address.ts'

/** nft's types of numbers that can be compared with an interval. */
export type DataType = SetDataType | 'mark' | 'hop_limit'

/** Those that may be fields of a set's key. */
export type SetDataType = (typeof SET_DATA_TYPES)[number]

const SET_DATA_TYPES = [
  'ipv4_addr',
  'ipv6_addr',
  'nf_proto',
  'inet_proto',
  'inet_service',
  'icmp_type',
  'icmp_code',
  'icmpv6_type',
  'icmpv6_code',
] as const

/** Both ends belong to it. */
export interface Interval {
  readonly first: bigint
  readonly last: bigint
  /** Spelt as a range or prefix, which only an interval set or a rule may hold. */
  readonly spread: boolean
}

const WIDTHS: Readonly<Record<DataType, number>> = {
  ipv4_addr: 32,
  ipv6_addr: 128,
  nf_proto: 8,
  inet_proto: 8,
  inet_service: 16,
  mark: 32,
  hop_limit: 8,
  icmp_type: 8,
  icmp_code: 8,
  icmpv6_type: 8,
  icmpv6_code: 8,
}

/** linux/netfilter.h */
const FAMILIES: Readonly<Record<string, bigint>> = { ipv4: 2n, ipv6: 10n }

const PROTOCOLS: Readonly<Record<string, bigint>> = { icmp: 1n, tcp: 6n, udp: 17n, 'ipv6-icmp': 58n, sctp: 132n }

export function isSetDataType(word: string): word is SetDataType {
  return SET_DATA_TYPES.some((type) => type === word)
}

/**
 * Reads a value, `first-last` or `address/length`. Returns what is wrong with it as a string. Stricter than nft: a
 * prefix has no bits beyond its length, and a range more than one member, so that a value has one spelling.
 */
export function readInterval(type: DataType, word: string): Interval | string {
  const prefix = /^(.+)\/(\d{1,3})$/.exec(word)
  if (prefix !== null) return readPrefix(type, prefix[1] ?? '', Number(prefix[2]))
  const whole = readValue(type, word)
  if (whole !== undefined) return { first: whole, last: whole, spread: false }
  const hyphen = word.indexOf('-')
  if (hyphen === -1) return `'${word}' is no ${type}`
  const [first, last] = [readValue(type, word.slice(0, hyphen)), readValue(type, word.slice(hyphen + 1))]
  if (first === undefined || last === undefined) return `'${word}' is no ${type}`
  if (first >= last) return `the range '${word}' has zero or negative size`
  return { first, last, spread: true }
}

function readPrefix(type: DataType, address: string, length: number): Interval | string {
  const width = WIDTHS[type]
  const first = type === 'ipv4_addr' || type === 'ipv6_addr' ? readValue(type, address) : undefined
  if (first === undefined || length > width) return `'${address}/${length}' is no ${type}`
  const host = (1n << BigInt(width - length)) - 1n
  if ((first & host) !== 0n) return `'${address}/${length}' has bits beyond its prefix`
  return { first, last: first | host, spread: true }
}

function readValue(type: DataType, word: string): bigint | undefined {
  if (type === 'ipv4_addr' || type === 'ipv6_addr') {
    const address = readAddress(word)
    return address !== undefined && WIDTHS[type] === (address.family === 4 ? 32 : 128) ? address.value : undefined
  }
  if (type === 'nf_proto') return Object.hasOwn(FAMILIES, word) ? FAMILIES[word] : undefined
  if (type === 'inet_proto' && Object.hasOwn(PROTOCOLS, word)) return PROTOCOLS[word]
  if (!/^(0x[0-9a-fA-F]+|0|[1-9]\d*)$/.test(word)) return undefined
  const value = BigInt(word)
  return value < 1n << BigInt(WIDTHS[type]) ? value : undefined
}

/** One spelling for each interval. */
export function intervalText(type: DataType, { first, last }: Pick<Interval, 'first' | 'last'>): string {
  return first === last ? valueText(type, first) : `${valueText(type, first)}-${valueText(type, last)}`
}

function valueText(type: DataType, value: bigint): string {
  if (type === 'ipv4_addr') return addressText({ family: 4, value })
  return type === 'ipv6_addr' ? addressText({ family: 6, value }) : `${value}`
}
