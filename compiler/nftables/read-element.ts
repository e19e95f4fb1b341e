import { canonicalAddress } from '../addresses/canonical-address.ts'
import { type Json, member, PROTOCOL_NAMES, readJump } from './read-rule.ts'
import type { Jump } from './ruleset.ts'

/** An element as we write it; in a map the key, and where it leads. */
export interface ElementRead {
  readonly key: string
  readonly jump?: Jump
}

/** One element of `nft -j list` in our spelling, or undefined when we never write such a one. */
export function readElement(element: Json, type: readonly string[]): ElementRead | undefined {
  if (Array.isArray(element)) {
    // A map's element is a pair of key and verdict.
    const [first, verdict] = element
    const [key, jump] = [readKey(first ?? null, type), readVerdict(verdict ?? null)]
    return key === undefined || jump === undefined ? undefined : { key, jump }
  }
  const key = readKey(element, type)
  return key === undefined ? undefined : { key }
}

function readKey(key: Json, type: readonly string[]): string | undefined {
  const concatenation = member(key, 'concat')
  const fields = Array.isArray(concatenation) ? concatenation : [key]
  if (fields.length !== type.length) return undefined
  const texts = fields.map((field, index) => readField(field, type[index] ?? ''))
  return texts.includes(undefined) ? undefined : texts.join(' . ')
}

function readField(field: Json, type: string): string | undefined {
  if (typeof field === 'string') return type.endsWith('_addr') ? canonicalAddress(field) : field
  if (typeof field === 'number') return type === 'inet_proto' ? (PROTOCOL_NAMES[field] ?? `${field}`) : `${field}`
  const range = member(field, 'range')
  if (Array.isArray(range)) {
    const ends = range.map((end) => (typeof end === 'number' ? `${end}` : readField(end, type)))
    return ends.includes(undefined) ? undefined : ends.join('-')
  }
  const prefix = member(field, 'prefix')
  const address = readField(member(prefix, 'addr'), type)
  const length = member(prefix, 'len')
  return address === undefined || typeof length !== 'number' ? undefined : `${address}/${length}`
}

function readVerdict(verdict: Json): Jump | undefined {
  for (const word of ['jump', 'goto'] as const) {
    const found = readJump(word, member(member(verdict, word), 'target'))
    if (found !== undefined) return found
  }
  return undefined
}
