import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { findProgram } from './find-program.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'
import { type BuildOptions, NOWHERE, notRendered, runRenderer } from './run-renderer.ts'

/**
 * Renders the Helm chart in a directory with the helm of PATH, as `helm template` does: without a cluster, without plugins, and
 * with the chart's own values.
 */
export function renderChart(directory: string, { path, timeout }: BuildOptions): ReadPaths {
  const name = printablePath(directory)
  const of = { directory, code: 'chart' }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return notRendered(of, 'is no directory')
  const program = findProgram('helm', path)
  if (program === undefined) {
    const hint = `render it where helm is: helm template ${name} | selvedge ... -f -`
    return notRendered(of, 'a chart is rendered by helm, which is not in PATH', hint)
  }
  // An absolute path is a folder, never a repository or a registry.
  const command = [program, 'template', 'review', resolve(directory)] as const
  const env = { HELM_PLUGINS: NOWHERE, HELM_CACHE_HOME: NOWHERE, HELM_CONFIG_HOME: NOWHERE, HELM_DATA_HOME: NOWHERE }
  const hintFor = (reason: string): string =>
    /missing in charts\//.test(reason) ? `nothing is fetched: helm dependency build ${name}, before` : ''
  return runRenderer({ ...of, work: 'helm template', done: 'rendered', command, env, hintFor }, timeout)
}
