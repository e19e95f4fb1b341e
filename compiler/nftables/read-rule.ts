import { canonicalAddress } from '../addresses/canonical-address.ts'
import { recordIn, ruleOf } from './rule-value.ts'
import type { Jump, Lookup, Recording, RuleValue, Statement } from './ruleset.ts'

/** Any JSON value, as `nft -j` prints it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * One rule of `nft -j list` in the spelling in which we write it, or undefined when it has anything that we never
 * write: then somebody else changed our table. nft names some numbers and rewrites some masks; this undoes that.
 */
export function readRule(expressions: Json): RuleValue | undefined {
  if (!Array.isArray(expressions)) return undefined
  const statements = expressions.map(readStatement)
  return statements.includes(undefined) ? undefined : ruleOf(statements.filter((one) => one !== undefined))
}

function readStatement(statement: Json): Statement | undefined {
  const [key, value] = only(statement)
  switch (key) {
    case 'match':
      return readMatch(value)
    // nft 1.0.2 takes a map that was declared by `typeof … : verdict` for one without verdicts, and calls the look-up so.
    case 'map':
    case 'vmap':
      return readLookup(readField(member(value, 'key')), 'map', text(member(value, 'data')))
    case 'counter':
    case 'accept':
    case 'drop':
    case 'return':
      return key
    case 'jump':
    case 'goto':
      return readJump(key, member(value, 'target'))
    case 'reject':
      return member(value, 'type') === 'tcp reset'
        ? 'reject with tcp reset'
        : join(['reject with', text(member(value, 'type')), text(member(value, 'expr'))])
    case 'mangle':
      return readMarkSet(value)
    case 'set':
      return readRecording(value)
    case undefined:
    default:
      return undefined
  }
}

/** `update @set { … counter }`. */
function readRecording(update: Json): Recording | undefined {
  const [field, name] = [readField(member(update, 'elem')), text(member(update, 'set'))]
  const counts = JSON.stringify(member(update, 'stmt')) === '[{"counter":null}]'
  if (member(update, 'op') !== 'update' || field === undefined || !name?.startsWith('@') || !counts) return undefined
  return recordIn(name.slice(1), field)
}

function readMatch(match: Json): Statement | undefined {
  const left = member(match, 'left')
  const right = member(match, 'right')
  const field = readField(left)
  const operator = member(match, 'op')
  if (field === 'ct mark') {
    const prefix = member(right, 'prefix')
    const [address, length] = [member(prefix, 'addr'), member(prefix, 'len')]
    if (operator === '==' && typeof right === 'number') return `ct mark & 0xffffffff == ${hex(right)}`
    if (operator !== '==' || typeof address !== 'number' || typeof length !== 'number') return undefined
    return `ct mark & ${hex((0xffffffff << (32 - length)) >>> 0)} == ${hex(address)}`
  }
  const masked = member(left, '&')
  if (Array.isArray(masked) && readField(masked[0] ?? null) === 'ct mark') {
    if (operator !== '==' || typeof masked[1] !== 'number' || typeof right !== 'number') return undefined
    return `ct mark & ${hex(masked[1])} == ${hex(right)}`
  }
  if (operator !== '==' && operator !== 'in' && operator !== '!=') return undefined
  if (Array.isArray(masked) && readField(masked[0] ?? null) === 'tcp flags') {
    // nft 1.0 gives the mask as a list, 1.1 as an expression.
    const mask = Array.isArray(masked[1]) ? masked[1] : member(masked[1], '|')
    if (operator !== '==' || !Array.isArray(mask)) return undefined
    return join(['tcp flags', text(right), '/', mask.map(text).join(',')])
  }
  if (Array.isArray(masked)) {
    return join([readField(masked[0] ?? null), '&', text(masked[1] ?? null), '==', text(right)])
  }
  const compared = operator === '!=' ? join([field, '!=']) : field
  if (typeof right === 'string' && right.startsWith('@')) return readLookup(compared, 'set', right)
  return join([compared, readValue(right, field ?? '')])
}

function readLookup(field: string | undefined, into: 'set' | 'map', name: string | undefined): Lookup | undefined {
  return field === undefined || !name?.startsWith('@') ? undefined : { field, into, name: name.slice(1) }
}

/** Where a rule or a map's element leads. */
export function readJump(verdict: Jump['verdict'], target: Json): Jump | undefined {
  return typeof target === 'string' ? { verdict, chain: target } : undefined
}

/** `ct mark set (ct mark & a) | b`: nft adds the bits of b to a, which changes nothing. */
function readMarkSet(mangle: Json): string | undefined {
  const either = member(member(mangle, 'value'), '|')
  if (readField(member(mangle, 'key')) !== 'ct mark' || !Array.isArray(either)) return undefined
  const [both, bits] = either
  const masked = member(both ?? null, '&')
  // With all bits of the mask set, nothing is left to mask away, and nft leaves it out.
  const mask = Array.isArray(masked) ? masked[1] : readField(both ?? null) === 'ct mark' ? 0xffffffff : undefined
  if (typeof mask !== 'number' || typeof bits !== 'number') return undefined
  return `ct mark set ct mark & ${hex((mask & ~bits) >>> 0)} | ${hex(bits)}`
}

/** `ip saddr`, `meta l4proto . th dport`, … as we write it; undefined for what we never write. */
export function readField(field: Json): string | undefined {
  const [key, value] = only(field)
  switch (key) {
    case 'payload':
      return join([text(member(value, 'protocol')), text(member(value, 'field'))])
    case 'ct':
      return join([
        ...(member(value, 'dir') === null ? ['ct'] : ['ct', text(member(value, 'dir'))]),
        text(member(value, 'key')),
      ])
    case 'meta': {
      const name = text(member(value, 'key'))
      return name?.endsWith('ifname') === true ? name : join([key, name])
    }
    case 'fib': {
      const flags = member(value, 'flags')
      return join(['fib', text(Array.isArray(flags) ? flags.join(' . ') : flags), text(member(value, 'result'))])
    }
    case 'concat': {
      const fields = Array.isArray(value) ? value.map((part) => (part === 0 ? '0' : readField(part))) : [undefined]
      return fields.includes(undefined) ? undefined : fields.join(' . ')
    }
    case undefined:
    default:
      return undefined
  }
}

function readValue(value: Json, field: string): string | undefined {
  if (typeof value === 'number') return name(value, field)
  if (typeof value === 'string') {
    if (field === 'icmpv6 type') return ICMPV6_TYPES[value]
    if (field.endsWith('ifname')) return `"${value}"`
    return field.endsWith('addr') ? (canonicalAddress(value) ?? value) : value
  }
  if (Array.isArray(value)) {
    const parts = value.map((part) => readValue(part, field))
    return parts.includes(undefined) ? undefined : parts.join(',')
  }
  const range = member(value, 'range')
  if (Array.isArray(range)) return range.map((end) => readValue(end, field)).join('-')
  const members = member(value, 'set')
  if (Array.isArray(members)) {
    const parts = members.map((part) => readValue(part, field))
    // nft lists them as the kernel has them, in the order of their numbers or not.
    return parts.includes(undefined)
      ? undefined
      : `{ ${PROTOCOLS_IN_ORDER.filter((one) => parts.includes(one)).join(', ')} }`
  }
  const prefix = member(value, 'prefix')
  const [address, length] = [member(prefix, 'addr'), member(prefix, 'len')]
  return typeof address === 'string' && typeof length === 'number'
    ? `${readValue(address, field)}/${length}`
    : undefined
}

/** Where /etc/protocols is missing nft prints numbers. */
function name(value: number, field: string): string {
  return field === 'meta l4proto' ? (PROTOCOL_NAMES[value] ?? `${value}`) : `${value}`
}

export const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'ipv6-icmp',
  132: 'sctp',
}

/** As we write them. */
const PROTOCOLS_IN_ORDER = ['icmp', 'ipv6-icmp', 'tcp', 'udp', 'sctp']

const ICMPV6_TYPES: Readonly<Record<string, string>> = {
  'mld-listener-query': '130',
  'mld-listener-report': '131',
  'mld-listener-done': '132',
  'mld-listener-reduction': '132',
  'nd-router-solicit': '133',
  'nd-router-advert': '134',
  'nd-neighbor-solicit': '135',
  'nd-neighbor-advert': '136',
  'nd-redirect': '137',
  'mld2-listener-report': '143',
}

/** A member of an object; null when there is none. */
export function member(value: Json | undefined, key: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return (value as { readonly [key: string]: Json })[key] ?? null
}

/** The key and value of an object that has just one. */
function only(value: Json): readonly [string | undefined, Json] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [undefined, null]
  const entries = Object.entries(value as { readonly [key: string]: Json })
  return entries.length === 1 && entries[0] !== undefined ? entries[0] : [undefined, null]
}

function text(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function join(words: readonly (string | undefined)[]): string | undefined {
  return words.includes(undefined) ? undefined : words.join(' ')
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
