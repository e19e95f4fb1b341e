import type { Cursor } from './cursor.ts'
import { intervalText, isSetDataType, type SetDataType } from './data-types.ts'
import type { Field } from './field.ts'
import type { Lookup, Step } from './rule.ts'

/** A statement that writes the packet's fields into a set, and that set. */
export interface RecordingStatement {
  readonly step: Step
  readonly written: Lookup
}

/**
 * Reads what follows `update`: `@set { field . field . 0 counter }`. A packet without one of the fields ends the rule, and so does a
 * full set (nft_dynset_eval). Behind it only a verdict may stand, for what was written.
 */
export function readRecording(cursor: Cursor, readOne: () => Field): RecordingStatement {
  const { line } = cursor.peek()
  const name = cursor.word('@ and the name of a set')
  if (!/^@[^@]+$/.test(name)) throw cursor.error(`'${name}' is no reference to a set`, line)
  cursor.expect('{')
  const fields: Field[] = []
  do fields.push(cursor.accept('0') ? NOUGHT : readOne())
  while (cursor.accept('.'))
  cursor.expect('counter')
  cursor.expect('}')
  const type = fields.map(({ type: one }): SetDataType => {
    if (!isSetDataType(one)) throw cursor.error(`no set holds values of type ${one}`, line)
    return one
  })
  const set = name.slice(1)
  return {
    written: { kind: 'set', set, type },
    step: (walk) => {
      const texts: string[] = []
      for (const [index, { load }] of fields.entries()) {
        const number = load(walk)?.number
        if (number === undefined) return 'break'
        texts.push(intervalText(type[index] ?? 'inet_service', { first: number, last: number }))
      }
      if (walk.full.has(set)) return 'break'
      walk.recorded.push(`${set} ${texts.join(' . ')}`)
      return 'next'
    },
  }
}

/** In the place of a port. */
const NOUGHT: Field = { type: 'inet_service', load: () => ({ number: 0n, key: '0' }) }
