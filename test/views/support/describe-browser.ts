import { describe, test } from 'vitest'
import { findBrowser } from './find-browser.ts'

/**
 * A group of tests that needs a browser. Where there is none it is skipped and its name says why; with CI=true it fails
 * instead.
 */
export function describeBrowser(name: string, body: () => void): void {
  const reason = findBrowser() === undefined ? 'not installed: chromium' : undefined
  if (reason === undefined) describe(name, body)
  else if (process.env['CI'] === 'true') {
    test(`${name}: the machine has a browser`, () => {
      throw new Error(reason)
    })
  } else {
    console.warn(`SKIPPED: ${name}: ${reason}`)
    describe.skip(`${name} (skipped: ${reason})`, body)
  }
}
