import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lawParameters } from '../support/law-parameters.ts'
import { absentEnds, absentEndsAreRight } from './absent-ends.ts'

test('a flow with an end that is in neither input is said to be kept only where no change can cut it, and always where there is none', () => {
  const met = { kept: 0, unresolved: 0, cut: 0 }
  const law = fc.property(absentEnds, (inputs) => {
    const fates = absentEndsAreRight(inputs)
    met.kept += fates.kept
    met.unresolved += fates.unresolved
    met.cut += fates.cut
  })
  fc.assert(law, lawParameters(300))
  expect(Math.min(met.kept, met.unresolved, met.cut)).toBeGreaterThan(50)
})
