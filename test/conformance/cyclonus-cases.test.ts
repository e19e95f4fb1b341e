import { expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { clusterOfStep, readCyclonusCases } from './cyclonus-cases.ts'
import { connectionsOfStep } from './cyclonus-connections.ts'

const steps = readCyclonusCases().flatMap(({ id, description, steps }) =>
  steps.map((step, index) => ({ title: `case ${id}, step ${index + 1}: ${description}`, step })),
)

test('the table is whole: 256 steps, 109,956 verdicts, of which both kinds are many', () => {
  const expected = steps.flatMap(({ step }) => connectionsOfStep(step))
  expect(steps).toHaveLength(256)
  expect(expected).toHaveLength(109_956)
  expect(expected.filter(({ allowed }) => allowed)).toHaveLength(89_106)
})

test.each(steps)('the oracle agrees with $title', ({ step }) => {
  const judge = oracle(clusterOfStep(step))
  const wrong = connectionsOfStep(step).filter(({ connection, allowed }) => judge(connection).allowed !== allowed)
  expect(wrong.map(({ title, allowed }) => `${title} should be ${allowed ? 'allowed' : 'denied'}`)).toEqual([])
})
