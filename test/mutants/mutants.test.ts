import { expect, test } from 'vitest'
import { askLaw } from './ask-law.ts'
import { copyCompiler, putFault } from './copy-compiler.ts'
import { FAULTS } from './faults.ts'
import { LAWS, type LawName } from './laws.ts'

const laws = Object.keys(LAWS) as LawName[]

// Concurrent tests wait for their turn, so the limit is that of all of them together.
const timeout = 300_000

test.concurrent.each(laws)('%s: the compiler as it stands', { timeout }, async (law) => {
  using copy = copyCompiler()
  expect(await askLaw(copy.folder, law)).toBe('holds')
})

test.concurrent.each(FAULTS)('$law: not when $fault', { timeout }, async (fault) => {
  using copy = copyCompiler()
  putFault(copy.folder, fault)
  expect(await askLaw(copy.folder, fault.law)).toMatch(/^fails: /)
})

test('every law has a fault that it finds', () => {
  expect(laws.filter((law) => !FAULTS.some((fault) => fault.law === law))).toEqual([])
})
