import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { deniedAreRecorded } from './denied-records.ts'

test('every denied packet is noted once with its flow and its pod, in requests and in replies; no allowed one is', () => {
  const seen = { allowed: 0, egress: 0, ingress: 0 }
  const law = fc.property(clusters(), (cluster) => {
    const fates = deniedAreRecorded(cluster)
    for (const fate of ['allowed', 'egress', 'ingress'] as const) seen[fate] += fates[fate]
  })
  fc.assert(law, lawParameters(100))
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(500)
})
