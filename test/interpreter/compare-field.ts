import type { Cursor } from './cursor.ts'
import { type DataType, type Interval, isSetDataType, readInterval, type SetDataType } from './data-types.ts'
import type { Field } from './field.ts'
import { findElement } from './nft-set.ts'
import type { Lookup, Step } from './rule.ts'
import type { Value } from './value.ts'
import type { Walk } from './walk.ts'

/** A statement that compares fields, and the set that it looks into. */
export interface Comparison {
  readonly step: Step
  readonly lookup: Lookup | undefined
  /** The single value that the field must equal. */
  readonly equals: bigint | undefined
}

/** Reads what follows a field or a concatenation: `[!=] @set`, `vmap @map`, or, for one field, `[!=] value`. */
export function readComparison(cursor: Cursor, fields: readonly Field[]): Comparison {
  if (cursor.accept('vmap')) return readVerdictMap(cursor, fields)
  if (cursor.peek().text.startsWith('@')) return readSetLookup(cursor, fields)
  const [operator, next] = cursor.slice(cursor.position(), cursor.position() + 2)
  if (operator?.text === '!=' && next?.text.startsWith('@') === true) {
    cursor.next()
    return readSetLookup(cursor, fields, true)
  }
  const [field] = fields
  if (field === undefined || fields.length > 1) throw cursor.error('a concatenation is compared with a set only')
  const mask = cursor.accept('&') ? readMask(cursor, field) : undefined
  const differs = readOperator(cursor) === '!='
  if (mask === undefined && cursor.peek().text === '{') return readMembers(cursor, field, differs)
  const interval = readValue(cursor, field.type)
  const { first, last } = interval
  return {
    step: (walk) => {
      const number = field.load(walk)?.number
      if (number === undefined) return 'break'
      const compared = mask === undefined ? number : number & mask
      return (first <= compared && compared <= last) === differs ? 'break' : 'next'
    },
    lookup: undefined,
    equals: differs || interval.spread || mask !== undefined ? undefined : first,
  }
}

/** `{ value, value, … }`: an anonymous set of single values. */
function readMembers(cursor: Cursor, field: Field, differs: boolean): Comparison {
  const members = new Set<bigint>()
  cursor.expect('{')
  do {
    const { first, spread } = readValue(cursor, field.type)
    if (spread) throw cursor.error('a range in an anonymous set')
    members.add(first)
  } while (cursor.accept(','))
  cursor.expect('}')
  return {
    step: (walk) => {
      const number = field.load(walk)?.number
      return number === undefined || members.has(number) === differs ? 'break' : 'next'
    },
    lookup: undefined,
    equals: undefined,
  }
}

/** The bits that are compared; one value of the field's own type. */
function readMask(cursor: Cursor, { type }: Field): bigint {
  const { first, spread } = readValue(cursor, type)
  if (spread) throw cursor.error('a mask is one value')
  return first
}

/** `==` may be left out. */
export function readOperator(cursor: Cursor): '==' | '!=' {
  if (cursor.accept('!=')) return '!='
  cursor.accept('==')
  return '=='
}

/** Reads one value of the type. */
export function readValue(cursor: Cursor, type: DataType): Interval {
  const { line } = cursor.peek()
  const interval = readInterval(type, cursor.word(`a value of type ${type}`))
  if (typeof interval === 'string') throw cursor.error(interval, line)
  return interval
}

/** With `!=` a field that the packet does not have ends the rule as well. */
function readSetLookup(cursor: Cursor, fields: readonly Field[], differs = false): Comparison {
  const lookup: Lookup = { kind: 'set', set: readSetName(cursor), type: keyType(cursor, fields) }
  return {
    step: (walk) => {
      if (differs && fields.some((field) => field.load(walk) === undefined)) return 'break'
      return (find(walk, lookup, fields) === undefined) === differs ? 'next' : 'break'
    },
    lookup,
    equals: undefined,
  }
}

function readVerdictMap(cursor: Cursor, fields: readonly Field[]): Comparison {
  const lookup: Lookup = { kind: 'map', set: readSetName(cursor), type: keyType(cursor, fields) }
  return {
    step: (walk) => {
      const element = find(walk, lookup, fields)
      if (element !== undefined && element.verdict === undefined) throw new Error(`${lookup.set} holds no verdicts`)
      return element?.verdict ?? 'break'
    },
    lookup,
    equals: undefined,
  }
}

function find(walk: Walk, { set: name }: Lookup, fields: readonly Field[]) {
  const values: Value[] = []
  for (const field of fields) {
    const value = field.load(walk)
    if (value === undefined) return undefined
    values.push(value)
  }
  const set = walk.sets.get(name)
  // A loaded table has it; a torn one that has not would be a fault of whoever made it.
  if (set === undefined) throw new Error(`the rule reads the set ${name}, which is not there`)
  return findElement(set, values)
}

/** `@name`; the name is checked where it is declared. */
function readSetName(cursor: Cursor): string {
  const word = cursor.word('@ and the name of a set')
  if (!/^@[^@]+$/.test(word)) throw cursor.error(`'${word}' is no reference to a set`)
  return word.slice(1)
}

function keyType(cursor: Cursor, fields: readonly Field[]): readonly SetDataType[] {
  return fields.map(({ type }) => {
    if (!isSetDataType(type)) throw cursor.error(`no set holds values of type ${type}`)
    return type
  })
}
