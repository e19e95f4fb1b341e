import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onTheBeat, untilBeat } from '../../src/agent/on-the-beat.ts'

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

test('what began at different times is done at the same, as often as it is to be', () => {
  const calls: string[] = []
  const note = (name: string) => () => calls.push(`${name} ${Math.round(performance.now() / 100)}`)
  const start = performance.now()
  vi.advanceTimersByTime(10_000 - (start % 10_000))
  const from = performance.now() / 100
  const at = (name: string, seconds: number): string => `${name} ${Math.round(from + seconds * 10)}`
  vi.advanceTimersByTime(300)
  const five = onTheBeat(5_000, note('five'))
  vi.advanceTimersByTime(3_100)
  const ten = onTheBeat(10_000, note('ten'))
  vi.advanceTimersByTime(17_000)
  expect(calls.toSorted()).toEqual(
    [at('five', 5), at('five', 10), at('five', 15), at('five', 20), at('ten', 10), at('ten', 20)].toSorted(),
  )
  five.stop()
  ten.stop()
  vi.advanceTimersByTime(60_000)
  expect(calls).toHaveLength(6)
})

test('stopped by its own call it is not done again', () => {
  let calls = 0
  const beat = onTheBeat(1_000, () => {
    calls += 1
    beat.stop()
  })
  vi.advanceTimersByTime(10_000)
  expect(calls).toBe(1)
})

test.each([
  [5_000, 0, 5_000],
  [5_000, 2_600, 2_400],
  [5_000, 4_900, 100],
  // Called too early, for the beat at 5,000: that one is done.
  [5_000, 4_999.6, 5_001],
  [5_000, 5_000, 5_000],
  // Called too late: none is lost.
  [5_000, 9_600, 400],
  [5_000, 5_000.4, 5_000],
])('every %i ms, at %d ms, the next beat is %d ms away', (milliseconds, now, expected) => {
  expect(untilBeat(milliseconds, now)).toBe(expected)
})
