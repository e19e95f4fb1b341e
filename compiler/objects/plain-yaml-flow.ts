import { createMarks, type Marks } from './plain-yaml-marks.ts'
import { scalarOf } from './yaml-scalars.ts'

export interface FlowRead {
  readonly value: unknown
  /** Behind its last character. */
  readonly end: number
}

/** Nothing but blanks and a comment up to the end of the line. */
export const FLOW_END = / *(?:(?<= )#[^\n]*)?(?=\n|$)/y

/** The escapes that JSON has as well. */
const DOUBLE = /"(?:[^"\\\n]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y
const SINGLE = /'(?:[^'\n]|'')*'/y

/** A plain scalar of one word; a colon in it is followed by more of it. */
const WORD = /-?[A-Za-z0-9_./](?:[^,[\]{}:#"'\s]|:(?=[^\s,[\]{}]))*/y

const DEEPEST = 50

/** A flow list or mapping of one line, `[a, b]`, `{a: b}`; undefined where it is anything less simple. */
export function readFlow(text: string, offset: number, marks?: Marks, depth = 0): FlowRead | undefined {
  if (depth > DEEPEST) return undefined
  return text[offset] === '[' ? readList(text, offset, marks, depth) : readMapping(text, offset, marks, depth)
}

/** A quoted scalar of one line. */
export function readQuoted(text: string, offset: number): FlowRead | undefined {
  const isDouble = text[offset] === '"'
  const pattern = isDouble ? DOUBLE : SINGLE
  pattern.lastIndex = offset
  const written = pattern.exec(text)?.[0]
  if (written === undefined) return undefined
  const value: unknown = isDouble ? JSON.parse(written) : written.slice(1, -1).replaceAll("''", "'")
  return { value, end: offset + written.length }
}

function readList(text: string, offset: number, marks: Marks | undefined, depth: number): FlowRead | undefined {
  const list: unknown[] = []
  const mark = createMarks(marks, list)
  let at = skipSpaces(text, offset + 1)
  if (text[at] === ']') return { value: list, end: at + 1 }
  for (;;) {
    const item = readItem(text, at, marks, depth)
    if (item === undefined) return undefined
    mark?.at.set(list.length, at)
    list.push(item.value)
    at = skipSpaces(text, item.end)
    if (text[at] === ']') return { value: list, end: at + 1 }
    if (text[at] !== ',') return undefined
    at = skipSpaces(text, at + 1)
  }
}

function readMapping(text: string, offset: number, marks: Marks | undefined, depth: number): FlowRead | undefined {
  const object: Record<string, unknown> = {}
  const mark = createMarks(marks, object)
  let at = skipSpaces(text, offset + 1)
  if (text[at] === '}') return { value: object, end: at + 1 }
  for (;;) {
    const key = readKey(text, at)
    if (key === undefined || key.value === '__proto__' || Object.hasOwn(object, key.value)) return undefined
    if (text[key.end] !== ':' || text[key.end + 1] !== ' ') return undefined
    mark?.keys.set(key.value, at)
    at = skipSpaces(text, key.end + 1)
    const item = readItem(text, at, marks, depth)
    if (item === undefined) return undefined
    mark?.at.set(key.value, at)
    object[key.value] = item.value
    at = skipSpaces(text, item.end)
    if (text[at] === '}') return { value: object, end: at + 1 }
    if (text[at] !== ',') return undefined
    at = skipSpaces(text, at + 1)
  }
}

function readKey(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const isQuoted = text[at] === '"' || text[at] === "'"
  const read = isQuoted ? readQuoted(text, at) : readWord(text, at)
  return typeof read?.value === 'string' && read.end - at < 500 ? { value: read.value, end: read.end } : undefined
}

function readItem(text: string, at: number, marks: Marks | undefined, depth: number): FlowRead | undefined {
  const first = text[at]
  if (first === '[' || first === '{') return readFlow(text, at, marks, depth + 1)
  if (first === '"' || first === "'") return readQuoted(text, at)
  const word = readWord(text, at)
  return word && { value: scalarOf(word.value), end: word.end }
}

function readWord(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  WORD.lastIndex = at
  const word = WORD.exec(text)?.[0]
  return word === undefined ? undefined : { value: word, end: at + word.length }
}

function skipSpaces(text: string, at: number): number {
  let next = at
  while (text.charCodeAt(next) === 0x20) next += 1
  return next
}
