import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacer } from '../../src/agent/pacer.ts'

const GAP = 100

test('the first turn, and one after a quiet time, begin at once', () => {
  const pacer = createPacer(GAP)
  expect(pacer.delay(5_000)).toBe(0)
  pacer.turnBegan(5_000)
  expect(pacer.delay(5_000)).toBe(GAP)
  expect(pacer.delay(5_040)).toBe(60)
  expect(pacer.delay(5_000 + GAP)).toBe(0)
  expect(pacer.delay(9_000)).toBe(0)
})

test('law: between two turns that wait as told lies the gap, and none waits longer than it must', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 3 * GAP }), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(waits, (quiet) => {
      const pacer = createPacer(GAP)
      let now = 0
      let last = Number.NEGATIVE_INFINITY
      for (const time of quiet) {
        now += time
        const begins = now + pacer.delay(now)
        expect(begins).toBe(Math.max(now, last + GAP))
        pacer.turnBegan(begins)
        last = begins
        now = begins
      }
    }),
  )
})
