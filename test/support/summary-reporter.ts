import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/**
 * Writes `tests: N passed, N failed, N skipped` and a line feed to `file` when the run ends; without a file it does nothing.
 * A file instead of stdout, because npm and the tests themselves may still print after us.
 */
export function createSummaryReporter(file: string | undefined): Reporter {
  if (file === undefined || file === '') return {}
  return {
    onTestRunEnd(modules, unhandledErrors) {
      writeFileSync(file, `${summarise(modules, unhandledErrors.length)}\n`)
    },
  }
}

/** What has not come to its end counts as failed, and so does every error outside a test: a hook, a file that does not load. */
function summarise(modules: readonly TestModule[], unhandledErrors: number): string {
  let passed = 0
  let skipped = 0
  let failed = unhandledErrors
  for (const module of modules) {
    failed += module.errors().length
    for (const suite of module.children.allSuites()) failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed += 1
      else if (state === 'skipped') skipped += 1
      else failed += 1
    }
  }
  return `tests: ${passed} passed, ${failed} failed, ${skipped} skipped`
}
