import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import { sarif } from '../sarif.ts'
import { failureLines } from './failure-lines.ts'

export const POLICY_TEST_RULE = {
  name: 'policy-test',
  summary: 'A test of who may reach whom does not hold',
  severity: 'error',
} as const

/** Tests that do not hold, for code review tools: each at its place in the file of tests. */
export function testSarif(results: readonly TestResult[], version: string): object {
  return sarif(testFindings(results), [POLICY_TEST_RULE], version)
}

export function testFindings(results: readonly TestResult[]): Parameters<typeof sarif>[0] {
  return results
    .filter(({ status }) => status !== 'passed')
    .map((result) => {
      const [message = '', ...reasons] = failureLines(result, { color: false, width: 1000 }).map((line) => line.trim())
      const { name: object, place } = result.assertion
      return {
        rule: POLICY_TEST_RULE.name,
        severity: POLICY_TEST_RULE.severity,
        object,
        message,
        hint: reasons.join('; '),
        place,
      }
    })
}
