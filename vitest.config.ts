import { defineConfig } from 'vitest/config'
import { createSummaryReporter } from './test/support/summary-reporter.ts'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Processes, not threads: tests change namespaces, directories and signals, which belong to a process.
    pool: 'forks',
    // Two cores are what the smallest supported machine has; more would only make packets wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', createSummaryReporter(process.env['SELVEDGE_TEST_SUMMARY'])],
  },
})
