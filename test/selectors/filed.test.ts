import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFiled } from '../../compiler/selectors/filed.ts'

const ENTRIES = Array.from({ length: 4 }, (_, name) => ({ name }))
const step = fc.record({
  word: fc.constantFrom<'a' | 'b'>('a', 'b'),
  entry: fc.constantFrom(...ENTRIES),
  adds: fc.boolean(),
})

test('under each word is what was put there and not taken away, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const filed = createFiled<(typeof ENTRIES)[number]>()
      const expected = { a: new Set<object>(), b: new Set<object>() }
      for (const { word, entry, adds } of steps) {
        const known = expected[word]
        if (adds) {
          filed.add(word, entry)
          known.add(entry)
        } else {
          filed.remove(word, entry)
          known.delete(entry)
        }
        for (const each of ['a', 'b'] as const) {
          expect(new Set(filed.under(each))).toEqual(expected[each])
          expect([...filed.under(each)]).toHaveLength(expected[each].size)
          expect(filed.count(each)).toBe(expected[each].size)
        }
      }
    }),
  )
})
