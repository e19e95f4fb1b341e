import { stringify } from 'yaml'
import { formatPlace } from '../../../compiler/objects/place.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import type { TestResult } from '../../../compiler/policy-test/run-assertions.ts'
import { failureLines } from './failure-lines.ts'

/** For programs that read the Test Anything Protocol, version 14 (https://testanything.org). */
export function testTap(results: readonly TestResult[]): string {
  const lines = results.flatMap((result, index) => {
    const { assertion, status } = result
    const point = `${status === 'passed' ? 'ok' : 'not ok'} ${index + 1} - ${escaped(printable(assertion.name))}`
    if (status === 'passed') return [point]
    const message = failureLines(result, { color: false, width: 100 }).join('\n')
    const block = stringify({ at: formatPlace(assertion.place), message })
      .trimEnd()
      .split('\n')
    return [point, '  ---', ...block.map((line) => `  ${line}`), '  ...']
  })
  return `${['TAP version 14', `1..${results.length}`, ...lines].join('\n')}\n`
}

/** A hash would begin a directive. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}
