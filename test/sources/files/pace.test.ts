import { expect, test } from 'vitest'
import { createPace } from '../../../src/sources/files/pace.ts'

/** More than a pace lets pass in one go. */
function workForLong(): void {
  const end = performance.now() + 50
  while (performance.now() < end);
}

test('after a stretch of work, and only then, others have their turn', async () => {
  const pace = createPace(new AbortController().signal)
  let turns = 0
  setImmediate(() => (turns += 1))
  workForLong()
  await pace()
  expect(turns).toBe(1)
  setImmediate(() => (turns += 1))
  await pace()
  expect(turns).toBe(1)
})

test('it ends with the signal, before a pause and after it', async () => {
  const stopping = new AbortController()
  const pace = createPace(stopping.signal)
  workForLong()
  const pause = pace()
  stopping.abort()
  await expect(pause).rejects.toBe(stopping.signal.reason)
  expect(() => pace()).toThrow(stopping.signal.reason as Error)
})
