import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { policies } from '../arbitraries/policies.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { cutsAreRight } from './cuts-are-right.ts'
import { withWorkloads } from './edge-words.ts'

test('of what was seen a change cuts what the oracle allowed before and denies after, as often as it was seen', () => {
  const met = { cut: 0, kept: 0, others: 0 }
  const law = fc.property(clusters(), fc.boolean(), policies, (raw, alike, others) => {
    const fates = cutsAreRight(withWorkloads(raw, alike), others)
    met.cut += fates.cut
    met.kept += fates.kept
    met.others += fates.others
  })
  fc.assert(law, lawParameters(60))
  expect(Math.min(met.cut, met.kept, met.others)).toBeGreaterThan(50)
})
