import { styleText } from 'node:util'
import type { RuleReference } from '../../../compiler/explain/explain-connection.ts'
import { formatPlace } from '../../../compiler/objects/place.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import type { TextStyle } from '../explanation-text.ts'
import { hangingLines } from '../hanging-lines.ts'
import { countsText, failureLines } from './failure-lines.ts'

/** Each test that does not hold, with its reasons; then how many there are of each sort; then what no test touches. */
export function testText(
  results: readonly TestResult[],
  untouched: readonly RuleReference[] | undefined,
  style: TextStyle,
): string {
  const parts = results.filter(({ status }) => status !== 'passed').map((result) => resultText(result, style))
  const limited = results.filter(({ assertion }) => assertion.pods === 'input').length
  const notes = limited === 0 ? '' : ` (${limited} of them of pods in the input only)`
  parts.push(`${countsText(results)}${notes}\n`)
  if (untouched !== undefined) parts.push(untouchedText(untouched))
  return parts.join('\n')
}

function resultText(result: TestResult, { color, width }: TextStyle): string {
  const { assertion, status } = result
  const word = status === 'failed' ? 'FAIL' : 'CANNOT TELL'
  const shown = color ? styleText('red', word, { validateStream: false }) : word
  const head = `${shown} ${printable(assertion.name)} (${formatPlace(assertion.place)})`
  const inner = { color, width: Math.max(width - 4, 40) }
  const lines = failureLines(result, inner).map((line) => hangingLines(`  ${line}`, width))
  return `${[head, ...lines].join('\n')}\n`
}

function untouchedText(rules: readonly RuleReference[]): string {
  if (rules.length === 0) return 'Every rule is touched by a test.\n'
  const lines = rules.map(
    ({ policy, rule, place }) => `  ${place === undefined ? '' : `${formatPlace(place)}: `}${policy} ${rule}`,
  )
  return `Rules that no test touches:\n${lines.join('\n')}\n`
}
