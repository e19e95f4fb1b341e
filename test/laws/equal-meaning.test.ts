import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { respell } from '../arbitraries/respell.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf, textOf } from './compile-cluster.ts'

test('equal meaning in other words gives equal bytes', () => {
  fc.assert(
    fc.property(clusters(), fc.integer(), (cluster, seed) => {
      expect(textOf(engineOf(respell(cluster, seed)))).toBe(textOf(engineOf(cluster)))
    }),
    lawParameters(300),
  )
})
