import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numRuns } from '../support/runs.ts'
import { spread } from './spread.ts'

test('numbers are below the size, different, and as many as asked for', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 300 }), (size, limit) => {
      const numbers = spread(size, limit)
      expect(new Set(numbers).size).toBe(Math.min(size, limit))
      expect(numbers.filter((number) => number < 0 || number >= size)).toEqual([])
    }),
    { numRuns: numRuns(200) },
  )
})

test('of a product of 40 by 25 a hundred numbers leave out no row and no column', () => {
  const numbers = spread(1000, 100)
  expect(new Set(numbers.map((number) => number % 25)).size).toBe(25)
  expect(new Set(numbers.map((number) => Math.floor(number / 25))).size).toBe(40)
})
