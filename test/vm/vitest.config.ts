import { defineConfig } from 'vitest/config'

/** For an emulated machine: nothing is transformed (Node runs TypeScript as it is), and nobody is impatient. */
export default defineConfig({
  test: {
    environment: 'node',
    // Cases are for a kernel of one's own: what they need, or take away, the machine at hand may not spare.
    include: ['test/**/*.test.ts', 'test/vm/cases/*.case.ts'],
    pool: 'forks',
    // One file at a time: a case may take a module away that the others need.
    maxWorkers: 1,
    // And all in one process: starting another one for each file costs an emulated machine half a minute.
    isolate: false,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    teardownTimeout: 60_000,
    experimental: { viteModuleRunner: false },
    reporters: ['verbose'],
  },
})
