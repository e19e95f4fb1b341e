import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createItemSplitter } from '../../../src/sources/kubernetes/split-items.ts'
import { createLineSplitter } from '../../../src/sources/kubernetes/split-lines.ts'
import { lawParameters } from '../../support/law-parameters.ts'

/** Text as bytes, cut anywhere: also inside characters. */
function cut(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text)
  const at = [...new Set(cuts.map((place) => place % (bytes.length + 1)))].sort((left, right) => left - right)
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
}

const CUTS = fc.array(fc.nat(), { maxLength: 20 })
/** All that means something in JSON, and characters of one to four bytes. */
const CHARACTER = fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', 'a', ' ', '\n', 'é', '€', '🧵')
const ANY_TEXT = fc.string({ unit: CHARACTER, maxLength: 20 })

describe('lines', () => {
  test('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.json({ stringUnit: CHARACTER })), CUTS, (lines, cuts) => {
        const split = createLineSplitter()
        expect(cut(lines.map((line) => `${line}\n`).join(''), cuts).flatMap((piece) => split(piece))).toEqual(lines)
      }),
      lawParameters(300),
    )
  })

  test('end with a line feed or are none', () => {
    expect(createLineSplitter()(Buffer.from('one\ntwo'))).toEqual(['one'])
  })
})

describe('items', () => {
  const split = (pieces: readonly Buffer[]): { items: unknown[]; rest: unknown } => {
    const splitter = createItemSplitter()
    const items = pieces.flatMap((piece) => splitter.push(piece)).map((text): unknown => JSON.parse(text))
    const rest = splitter.rest()
    return { items, rest: rest === undefined ? undefined : JSON.parse(rest) }
  }

  test('are those of JSON.parse, whatever is in them and around them, and however the bytes are cut', () => {
    const value = fc.jsonValue({ stringUnit: CHARACTER })
    const around = fc.dictionary(fc.oneof(ANY_TEXT, fc.constantFrom('item', 'itemsx', 'metadata')), value, {
      maxKeys: 3,
    })
    fc.assert(
      fc.property(
        around,
        fc.array(value),
        around,
        fc.constantFrom(undefined, 2),
        CUTS,
        (before, items, after, space, cuts) => {
          delete before['items']
          delete after['items']
          const list = { ...before, metadata: { items: [1], resourceVersion: '5' }, items, ...after }
          const expected: unknown = JSON.parse(JSON.stringify({ ...list, items: [] }))
          const found = split(cut(JSON.stringify(list, undefined, space), cuts))
          expect(found.items).toEqual(JSON.parse(JSON.stringify(items)))
          expect(found.rest).toEqual(expected)
        },
      ),
      lawParameters(300),
    )
  })

  test('a list of none, and items: null', () => {
    expect(split([Buffer.from('{"items":[ ],"metadata":{}}')])).toEqual({
      items: [],
      rest: { items: [], metadata: {} },
    })
    expect(split([Buffer.from('{"items":null,"kind":"PodList"}')])).toEqual({
      items: [],
      rest: { items: null, kind: 'PodList' },
    })
  })

  test('a body that was cut has no rest', () => {
    const splitter = createItemSplitter()
    expect(splitter.push(Buffer.from('{"metadata":{"resourceVersion":"5"},"items":[{"a":1},{"b"'))).toEqual(['{"a":1}'])
    expect(splitter.rest()).toBeUndefined()
  })

  test('a text called items as a value opens nothing', () => {
    expect(split([Buffer.from('{"a":"items","b":[{"c":1}],"items":[2]}')]).items).toEqual([2])
  })
})
