import type { TestContext } from 'vitest'
import { missingAloud } from '../support/missing-aloud.ts'

/** Skips aloud where the parts of the image are neither in the cache nor to be had; with CI=true that is a failure. */
export function needsParts(context: TestContext, missing: string | undefined): void {
  if (missing === undefined) return
  missingAloud('the parts of the image, neither in the cache nor to be had', missing)
  context.skip(missing)
}
