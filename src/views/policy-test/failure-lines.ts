import type { Failure } from '../../../compiler/policy-test/describe-finding.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import { formatPlace } from '../../../compiler/objects/place.ts'
import { explanationText, type TextStyle } from '../explanation-text.ts'

/** What is wrong with a test and why, in lines; nothing for one that holds. */
export function failureLines({ failures, more, problem, status }: TestResult, style: TextStyle): readonly string[] {
  if (status === 'unanswered') return [problem]
  const lines = failures.flatMap((failure) => [failure.text, ...reasonLines(failure, style).map((line) => `  ${line}`)])
  return more === 0 ? lines : [...lines, `and ${more} more like these`]
}

function reasonLines({ explanation, rules = [] }: Failure, style: TextStyle): readonly string[] {
  const chain =
    explanation === undefined
      ? []
      : explanationText(explanation, undefined, style).trimEnd().split('\n').filter(Boolean)
  return [
    ...chain,
    ...rules.map(
      ({ policy, rule, place }) => `by ${policy} ${rule}${place === undefined ? '' : ` (${formatPlace(place)})`}`,
    ),
  ]
}

/** As a summary says it: `2 passed, 1 failed`. */
export function countsText(results: readonly TestResult[]): string {
  const count = (status: TestResult['status']): number => results.filter((one) => one.status === status).length
  const parts = [
    [count('passed'), 'passed'],
    [count('failed'), 'failed'],
    [count('unanswered'), 'cannot be answered'],
  ] as const
  return parts
    .filter(([number, what]) => number > 0 || what === 'passed')
    .map(([number, what]) => `${number} ${what}`)
    .join(', ')
}
