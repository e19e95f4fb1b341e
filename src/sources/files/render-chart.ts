import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { findProgram } from './find-program.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'
import { type BuildOptions, runRenderer } from './run-renderer.ts'

const HOME = '/nonexistent'

/**
 * Renders the Helm chart in a directory with the helm of PATH, as `helm template` does: without a cluster, without plugins, and
 * with the chart's own values.
 */
export function renderChart(directory: string, { path, timeout }: BuildOptions): ReadPaths {
  const name = printablePath(directory)
  const fail = (problem: string, hint = ''): ReadPaths => ({
    sources: [],
    diagnostics: [{ severity: 'error', code: 'chart', problem: `${name}: ${problem}`, hint }],
  })
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return fail('is no directory')
  const program = findProgram('helm', path)
  if (program === undefined) {
    const hint = `render it where helm is: helm template ${name} | selvedge ... -f -`
    return fail('a chart is rendered by helm, which is not in PATH', hint)
  }
  // An absolute path is a folder, never a repository or a registry.
  const command = [program, 'template', 'review', resolve(directory)] as const
  const env = { HELM_PLUGINS: HOME, HELM_CACHE_HOME: HOME, HELM_CONFIG_HOME: HOME, HELM_DATA_HOME: HOME }
  const hintFor = (reason: string): string =>
    /missing in charts\//.test(reason) ? `nothing is fetched: helm dependency build ${name}, before` : ''
  return runRenderer(
    { directory, code: 'chart', work: 'helm template', done: 'rendered', command, env, hintFor },
    timeout,
  )
}
