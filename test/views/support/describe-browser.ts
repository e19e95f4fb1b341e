import { describeWhere } from '../../support/describe-where.ts'
import { findBrowser } from './find-browser.ts'

/** A group of tests that needs a browser. */
export function describeBrowser(name: string, body: () => void): void {
  describeWhere(findBrowser() === undefined ? 'not installed: chromium' : undefined, name, body)
}
