import { formatPlace } from '../../../compiler/objects/place.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import { failureLines } from './failure-lines.ts'

/** JUnit's XML, as CI systems read it: one suite a file. */
export function testJunit(results: readonly TestResult[]): string {
  const suites = [...Map.groupBy(results, ({ assertion }) => assertion.place.file)].map(suiteXml)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts(results)}>\n${suites.join('')}</testsuites>\n`
}

function suiteXml([file, results]: readonly [string, readonly TestResult[]]): string {
  return `  <testsuite name="${escaped(file)}"${counts(results)}>\n${results.map(caseXml).join('')}  </testsuite>\n`
}

function counts(results: readonly TestResult[]): string {
  const count = (status: TestResult['status']): number => results.filter((one) => one.status === status).length
  return ` tests="${results.length}" failures="${count('failed')}" errors="${count('unanswered')}"`
}

function caseXml(result: TestResult): string {
  const { assertion, status } = result
  const { file, line } = assertion.place
  const open = `    <testcase name="${escaped(assertion.name)}" classname="${escaped(file)}" file="${escaped(file)}" line="${line}"`
  if (status === 'passed') return `${open}/>\n`
  const word = status === 'failed' ? 'failure' : 'error'
  const lines = failureLines(result, { color: false, width: 100 })
  const body = [formatPlace(assertion.place), ...lines].map(escaped).join('\n')
  return `${open}>\n      <${word} message="${escaped(lines[0] ?? '')}">${body}</${word}>\n    </testcase>\n`
}

/** What XML 1.0 cannot hold at all is shown as its number. */
function escaped(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length > 100 ? (line.match(/.{1,100}/gsu) ?? []) : [line]).map(printable).join(''))
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
