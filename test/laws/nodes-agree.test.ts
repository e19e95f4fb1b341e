import { expect, test } from 'vitest'
import { lawParameters } from '../support/law-parameters.ts'
import { nodesAgree } from './nodes-agree.ts'

test('law: what several nodes noted of a flow is told as allowed if its receiver’s node let it in, or as unconfirmed', () => {
  const { refuted, unconfirmed } = nodesAgree(lawParameters(2_000))
  expect(Math.min(refuted, unconfirmed)).toBeGreaterThan(10)
})
