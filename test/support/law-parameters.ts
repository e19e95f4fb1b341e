import type { Parameters, RunDetails } from 'fast-check'
import { clusterToYaml } from './cluster-yaml.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { numRuns } from './runs.ts'

/**
 * How a law over clusters runs: a fixed number of times (FC_RUNS overrides it), with the seed of FC_SEED if given. A law
 * that fails prints its seed and the smallest cluster that it found, as YAML that `selvedge compile -f -` takes.
 */
export function lawParameters<Inputs extends readonly unknown[]>(defaultRuns: number): Parameters<Inputs> {
  const seed = Number(process.env['FC_SEED'])
  return {
    numRuns: numRuns(defaultRuns),
    ...(process.env['FC_SEED'] === undefined || Number.isNaN(seed) ? {} : { seed }),
    reporter: (run: RunDetails<Inputs>) => {
      if (!run.failed) return
      const cluster = run.counterexample?.find(isCluster)
      const problem = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance)
      throw new Error(
        [
          `the law fails after ${run.numRuns} runs; seed ${run.seed}, path ${run.counterexamplePath ?? ''}`,
          problem,
          cluster === undefined ? JSON.stringify(run.counterexample) : `minimal cluster:\n${clusterToYaml(cluster)}`,
        ].join('\n'),
      )
    },
  }
}

function isCluster(input: unknown): input is RawCluster {
  return typeof input === 'object' && input !== null && 'pods' in input && 'policies' in input
}
