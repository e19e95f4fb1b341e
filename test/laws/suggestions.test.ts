import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { namespaceName } from '../arbitraries/namespaces.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { withWorkloads } from './edge-words.ts'
import { type Met, suggestionIsRight } from './suggestion-is-right.ts'

test('what is suggested allows what was seen, opens nothing, is for nobody else, lists what it grants beyond, and is suggested once', () => {
  const total: Record<keyof Met, number> = { policies: 0, used: 0, nameless: 0, closed: 0, beyond: 0 }
  const law = fc.property(
    clusters(),
    fc.boolean(),
    fc.nat({ max: 2 }),
    fc.nat({ max: 2 }),
    namespaceName,
    fc.boolean(),
    (raw, alike, kept, seed, namespace, closeUnseen) => {
      // Most pods of a cluster without policies are open; with all of them hardly one is.
      const cluster = withWorkloads({ ...raw, policies: raw.policies.slice(0, kept) }, alike)
      const met = suggestionIsRight(cluster, { seed, namespace, closeUnseen })
      for (const [key, count] of Object.entries(met)) total[key as keyof Met] += count
    },
  )
  fc.assert(law, lawParameters(60))
  expect(Math.min(...Object.values(total))).toBeGreaterThan(50)
})
