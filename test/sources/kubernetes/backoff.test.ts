import { expect, test } from 'vitest'
import { createBackoff, nodeOffset } from '../../../src/sources/kubernetes/backoff.ts'
import { DEFAULT_TIMINGS } from '../../../src/sources/kubernetes/seams.ts'

test('doubles from 0.8 to 30 seconds', () => {
  const backoff = createBackoff({ now: () => 0, random: () => 0.999999, timings: DEFAULT_TIMINGS })
  const waits = Array.from({ length: 8 }, () => Math.round(backoff.next(0) / 100) / 10)
  expect(waits).toEqual([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30])
})

test('has full jitter: anything from nothing to the whole', () => {
  const backoff = createBackoff({ now: () => 0, random: () => 0, timings: DEFAULT_TIMINGS })
  expect([backoff.next(0), backoff.next(0)]).toEqual([0, 0])
})

test('adds to what the server asks for', () => {
  const backoff = createBackoff({ now: () => 0, random: () => 0.5, timings: DEFAULT_TIMINGS })
  expect(backoff.next(5_000)).toBe(5_400)
})

test('begins anew after two minutes without a failure', () => {
  let time = 0
  const backoff = createBackoff({ now: () => time, random: () => 0.5, timings: DEFAULT_TIMINGS })
  backoff.next(0)
  backoff.next(0)
  time = 120_000
  expect(backoff.next(0)).toBe(1_600)
  time = 240_001
  expect(backoff.next(0)).toBe(400)
})

test('nodes are spread evenly, each always at the same place', () => {
  const offsets = Array.from({ length: 2_000 }, (_, index) => nodeOffset(`node-${index}`))
  expect(nodeOffset('node-7')).toBe(offsets[7])
  const tenths = Array<number>(10).fill(0)
  for (const offset of offsets) tenths[Math.floor(offset * 10)]! += 1
  expect(Math.min(...tenths)).toBeGreaterThan(140)
  expect(Math.max(...tenths)).toBeLessThan(260)
})
