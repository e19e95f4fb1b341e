import { describe, test } from 'vitest'
import { describeUnavailable } from '../../src/lab/describe-unavailable.ts'

/**
 * A group of tests that needs network namespaces. Where there are none it is skipped and its name says why;
 * with CI=true it fails instead.
 */
export function describeLab(name: string, body: () => void): void {
  const reason = describeUnavailable()
  if (reason === undefined) describe(name, body)
  else if (process.env['CI'] === 'true') {
    test(`${name}: the machine can build a lab`, () => {
      throw new Error(reason)
    })
  } else {
    console.warn(`SKIPPED: ${name}: ${reason}`)
    describe.skip(`${name} (skipped: ${reason})`, body)
  }
}
