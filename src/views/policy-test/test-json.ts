import type { RuleReference } from '../../../compiler/explain/explain-connection.ts'
import { ruleJson } from '../../../compiler/explain/rule-json.ts'
import { explanationJson } from '../../../compiler/explain/explanation-json.ts'
import type { Failure } from '../../../compiler/policy-test/describe-finding.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'

/** What `test -o json` prints; fields without anything to say are left out. */
export function testJson(
  results: readonly TestResult[],
  untouched: readonly RuleReference[] | undefined,
  notes: readonly string[],
): object {
  const count = (status: TestResult['status']): number => results.filter((one) => one.status === status).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    unanswered: count('unanswered'),
    tests: results.map(resultJson),
    ...(untouched === undefined ? {} : { untouched: untouched.map(ruleJson) }),
    ...(notes.length === 0 ? {} : { notes }),
  }
}

function resultJson({ assertion, status, failures, more, problem }: TestResult): object {
  const { name, place, pods } = assertion
  return {
    name,
    ...place,
    status,
    ...(pods === 'input' ? { pods } : {}),
    ...(failures.length === 0 ? {} : { failures: failures.map(failureJson) }),
    ...(more === 0 ? {} : { more }),
    ...(problem === '' ? {} : { problem }),
  }
}

function failureJson({ text, explanation, rules }: Failure): object {
  return {
    text,
    ...(explanation === undefined ? {} : { explanation: explanationJson(explanation) }),
    ...(rules === undefined ? {} : { rules: rules.map(ruleJson) }),
  }
}
