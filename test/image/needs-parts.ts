import type { TestContext } from 'vitest'

/** Skips aloud where the parts of the image are neither in the cache nor to be had; with CI=true that is a failure. */
export function needsParts(context: TestContext, missing: string | undefined): void {
  if (missing === undefined) return
  const reason = `SKIPPED: the parts of the image are neither in the cache nor to be had: ${missing}`
  if (process.env['CI'] === 'true') throw new Error(reason)
  console.warn(reason)
  context.skip(reason)
}
