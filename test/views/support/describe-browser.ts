import { existsSync } from 'node:fs'
import { describe, test } from 'vitest'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The browser of the machine, or undefined. */
export function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':')
  return NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(existsSync)
}

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
