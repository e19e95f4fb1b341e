import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { HERE, OTHER_ROOMS } from './rooms.ts'

/** The folders in which a room's traps are tested. */
const FOLDERS = { here: ['traps'], kernel: ['kernel', 'kernel-room', 'laws'], agent: ['agent', 'cluster'] } as const

/** The numbers that stand as `trap N: …` in test files, in a title or above a test. */
function numbersIn(folders: readonly string[]): ReadonlySet<string> {
  const numbers = new Set<string>()
  for (const folder of folders) {
    for (const file of filesBelow(join(PROJECT_ROOT, 'test', folder))) {
      for (const [, number = ''] of readFileSync(file, 'utf8').matchAll(/\btrap (\d+[a-d]?): /g)) numbers.add(number)
    }
  }
  return numbers
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => join(folder, path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

test('every number is in one room', () => {
  const all = [...HERE, ...Object.values(OTHER_ROOMS).flat()]
  const whole = new Set(all.map((number) => Number.parseInt(number, 10)))
  expect(new Set(all).size).toBe(all.length)
  expect(whole).toEqual(new Set(Array.from({ length: 59 }, (_, index) => index + 1)))
})

test('every semantic trap has a test in this folder, and no test has a number that is none', () => {
  const found = numbersIn(FOLDERS.here)
  expect({ missing: HERE.filter((number) => !found.has(number)) }).toEqual({ missing: [] })
  const known = new Set([...HERE, ...Object.values(OTHER_ROOMS).flat()])
  const everywhere = numbersIn(['.'])
  expect({ unknown: [...everywhere].filter((number) => !known.has(number)) }).toEqual({ unknown: [] })
})

test.each(['kernel', 'agent'] as const)('every trap of the %s has a test there', (room) => {
  const found = numbersIn(FOLDERS[room])
  expect({ missing: OTHER_ROOMS[room].filter((number) => !found.has(number)) }).toEqual({ missing: [] })
})
