import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namespaceName } from '../arbitraries/namespaces.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { type Met, suggestible, suggestionIsRight } from './suggestion-is-right.ts'

test('what is suggested allows what was seen, opens nothing, is for nobody else, lists what it grants beyond, and is suggested once', () => {
  const total: Record<keyof Met, number> = { policies: 0, used: 0, nameless: 0, closed: 0, beyond: 0 }
  const law = fc.property(
    suggestible,
    fc.nat({ max: 2 }),
    namespaceName,
    fc.boolean(),
    (cluster, seed, namespace, closeUnseen) => {
      const met = suggestionIsRight(cluster, { seed, namespace, closeUnseen })
      for (const [key, count] of Object.entries(met)) total[key as keyof Met] += count
    },
  )
  fc.assert(law, lawParameters(60))
  expect(Math.min(...Object.values(total))).toBeGreaterThan(50)
})
