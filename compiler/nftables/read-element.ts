import { canonicalAddress } from '../addresses/canonical-address.ts'
import { type Json, member, PROTOCOL_NAMES } from './read-rule.ts'

/** One element of `nft -j list` in our spelling, or undefined when we never write such a one. */
export function readElement(element: Json, type: readonly string[]): string | undefined {
  if (Array.isArray(element)) {
    // A map's element is a pair of key and verdict.
    const [key, verdict] = element
    const [left, right] = [readKey(key ?? null, type), readVerdict(verdict ?? null)]
    return left === undefined || right === undefined ? undefined : `${left} : ${right}`
  }
  return readKey(element, type)
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

function readVerdict(verdict: Json): string | undefined {
  for (const word of ['jump', 'goto']) {
    const target = member(member(verdict, word), 'target')
    if (typeof target === 'string') return `${word} ${target}`
  }
  return undefined
}
