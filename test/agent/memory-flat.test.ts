import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'

const PROGRAM = join(PROJECT_ROOT, 'test', 'agent', 'programs', 'live-long.ts')
const [EARLY, LATE] = [20_000, 100_000]
/**
 * Of what a fresh engine and its stores hold for the same objects: what V8 itself keeps comes to 0.6 of it in a run that collects early.
 * A string kept for each event makes several times that.
 */
const TOLERANCE = 1

interface Left {
  /** Bytes after each number of events, and of one that was given only what stands in the end. */
  readonly heaps: readonly [number, number, number]
  readonly lived: unknown
  readonly fresh: unknown
  readonly sameText: boolean
}

test('a hundred thousand events leave nothing behind', { timeout: 900_000 }, async () => {
  const run = await execa(process.execPath, ['--expose-gc', PROGRAM, String(EARLY), String(LATE)])
  const { heaps, lived, fresh, sameText } = JSON.parse(run.stdout) as Left
  console.log(`heap: ${heaps.map((bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`).join(', ')}`)
  expect(lived).toEqual(fresh)
  expect(sameText).toBe(true)
  const [early, late, ofFresh] = heaps
  expect((late - early) / ofFresh).toBeLessThan(TOLERANCE)
})
