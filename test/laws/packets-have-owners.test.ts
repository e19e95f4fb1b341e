import { expect, test } from 'vitest'
import { lawParameters } from '../support/law-parameters.ts'
import { packetsHaveOwners } from './packets-have-owners.ts'

test('law: what is denied is told of the pods that had the addresses then, whatever pods come and go', () => {
  expect(packetsHaveOwners(lawParameters(300)).handedOver).toBeGreaterThan(0)
})
