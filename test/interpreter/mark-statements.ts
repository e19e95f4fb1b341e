import { readOperator, readValue } from './compare-field.ts'
import type { Cursor } from './cursor.ts'
import type { Step } from './rule.ts'
import type { Walk } from './walk.ts'

/** A number from the walk, of 32 bits without sign; undefined when it asks for the mark of no connection. */
type Expression = (walk: Walk) => number | undefined

/** Reads what follows `ct mark`: `set expression`, or `[& mask] [==|!=] number`. */
export function readMarkStatement(cursor: Cursor): Step {
  if (cursor.accept('set')) return readMarkSet(cursor)
  let mask = 0xffffffff
  let masked = false
  while (cursor.accept('&')) {
    mask = (mask & readNumber(cursor)) >>> 0
    masked = true
  }
  const { text } = cursor.peek()
  if (masked && text !== '==' && text !== '!=') throw cursor.error('a masked mark is compared with == or !=')
  const differs = readOperator(cursor) === '!='
  const number = readNumber(cursor)
  return (walk) => {
    if (!walk.hasConnection) return 'break'
    return ((walk.mark & mask) >>> 0 === number) === differs ? 'break' : 'next'
  }
}

function readMarkSet(cursor: Cursor): Step {
  const expression = readOperation(cursor, 0)
  return (walk) => {
    const mark = expression(walk)
    // Reading the mark of no connection leaves the rule; setting it only does nothing.
    if (mark === undefined) return 'break'
    if (walk.hasConnection) walk.mark = mark
    return 'next'
  }
}

/** From the loosest to the tightest. */
const OPERATIONS = [
  { sign: '|', apply: (left: number, right: number) => left | right },
  { sign: '^', apply: (left: number, right: number) => left ^ right },
  { sign: '&', apply: (left: number, right: number) => left & right },
] as const

function readOperation(cursor: Cursor, level: number): Expression {
  const operation = OPERATIONS[level]
  if (operation === undefined) return readOperand(cursor)
  let expression = readOperation(cursor, level + 1)
  while (cursor.accept(operation.sign)) {
    const [left, right] = [expression, readOperation(cursor, level + 1)]
    expression = (walk) => {
      const [first, second] = [left(walk), right(walk)]
      return first === undefined || second === undefined ? undefined : operation.apply(first, second) >>> 0
    }
  }
  return expression
}

function readOperand(cursor: Cursor): Expression {
  if (cursor.accept('(')) {
    const inner = readOperation(cursor, 0)
    cursor.expect(')')
    return inner
  }
  if (cursor.accept('ct')) {
    cursor.expect('mark')
    return (walk) => (walk.hasConnection ? walk.mark : undefined)
  }
  const number = readNumber(cursor)
  return () => number
}

function readNumber(cursor: Cursor): number {
  const { first, spread } = readValue(cursor, 'mark')
  if (spread) throw cursor.error('a range of marks')
  return Number(first)
}
