import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'

const MODULE = join(PROJECT_ROOT, 'src', 'agent', 'give-back-memory.ts')
/** Holds half a million strings as a first sync does, lets them go, and tells what is resident before and after. */
const PROGRAM = `
const { giveBackMemory } = await import(${JSON.stringify(MODULE)})
const lists = new Map()
for (let index = 0; index < 500_000; index += 1) lists.set('key ' + index, { text: 'value ' + index, more: [index] })
const full = process.memoryUsage()
lists.clear()
giveBackMemory()
const after = process.memoryUsage()
console.log(JSON.stringify({ full, after, exposed: typeof globalThis.gc }))`

test('what is no longer held is given back to the system, and nobody else gets a way to collect', async () => {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', PROGRAM])
  const { full, after, exposed } = JSON.parse(stdout) as Record<'full' | 'after', NodeJS.MemoryUsage> & {
    readonly exposed: string
  }
  expect(after.heapUsed).toBeLessThan(full.heapUsed / 2)
  expect(after.heapTotal).toBeLessThan(full.heapTotal / 2)
  expect(exposed).toBe('undefined')
})
