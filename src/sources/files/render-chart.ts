import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import { type BuildOptions, findProgram } from './build-kustomization.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'

const LARGEST_OUTPUT = 256 * 1024 * 1024
/** A port of this machine on which nothing listens: what goes through it fails at once. */
const NO_PROXY_HERE = 'http://127.0.0.1:9'

/**
 * Renders the Helm chart in a directory with the helm of PATH, as `helm template` does: without a cluster, without plugins, without
 * network, and with the chart's own values. Whatever goes wrong is a diagnostic.
 */
export function renderChart(directory: string, { path, timeout }: BuildOptions): ReadPaths {
  const name = printablePath(directory)
  const fail = (problem: string, hint = ''): ReadPaths => {
    const diagnostic: Diagnostic = { severity: 'error', code: 'chart', problem: `${name}: ${problem}`, hint }
    return { sources: [], diagnostics: [diagnostic] }
  }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return fail('is no directory')
  const program = findProgram('helm', path)
  if (program === undefined) {
    const hint = `render it where helm is: helm template ${name} | selvedge ... -f -`
    return fail('a chart is rendered by helm, which is not in PATH', hint)
  }
  const home = '/nonexistent'
  const { status, signal, error, stdout, stderr } = spawnSync(
    program,
    // An absolute path is a folder, never a repository or a registry.
    ['template', 'review', resolve(directory)],
    {
      env: {
        PATH: '',
        HOME: home,
        HELM_PLUGINS: home,
        HELM_CACHE_HOME: home,
        HELM_CONFIG_HOME: home,
        HELM_DATA_HOME: home,
        HTTP_PROXY: NO_PROXY_HERE,
        HTTPS_PROXY: NO_PROXY_HERE,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: LARGEST_OUTPUT,
    },
  )
  const code = error !== undefined && 'code' in error ? error.code : undefined
  if (code === 'ETIMEDOUT') return fail(`helm template did not end within ${timeout / 1000} s`)
  if (code === 'ENOBUFS') return fail('renders to more than 256 MiB')
  if (error !== undefined) return fail(`cannot be rendered: ${printable(error.message)}`)
  if (status !== 0) {
    const why = stderr.toString('utf8').trim().split('\n').at(-1) ?? ''
    return fail(`cannot be rendered: ${printable(why === '' ? `${signal ?? `exit ${status}`}` : why)}`)
  }
  return { sources: [{ file: `${name} (rendered)`, text: stdout.toString('utf8') }], diagnostics: [] }
}
