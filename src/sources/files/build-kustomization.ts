import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { findProgram } from './find-program.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'
import { type BuildOptions, notRendered, runRenderer } from './run-renderer.ts'

const FROM_ELSEWHERE = /https?:|git::|git@|hitting proxy|proxyconnect|no 'git' program|network is unreachable/

/**
 * Builds the kustomization in a directory with kustomize or kubectl, whichever PATH has. No file above the root of a kustomization is
 * read, and no plugin and no Helm runs.
 */
export function buildKustomization(directory: string, { path, timeout }: BuildOptions): ReadPaths {
  const name = printablePath(directory)
  const of = { directory, code: 'kustomization' }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return notRendered(of, 'is no directory')
  const program = findProgram('kustomize', path) ?? findProgram('kubectl', path)
  if (program === undefined) {
    const hint = `build it where one of them is: kubectl kustomize ${name} | selvedge ... -f -`
    return notRendered(of, 'a kustomization is built by kustomize or kubectl, and neither is in PATH', hint)
  }
  const [work, verb] = program.endsWith('kustomize') ? ['kustomize build', 'build'] : ['kubectl kustomize', 'kustomize']
  const command = [program, verb, resolve(directory), '--load-restrictor=LoadRestrictionsRootOnly'] as const
  const hintFor = (reason: string): string => {
    if (reason.startsWith('unable to find one of')) return 'manifests without a kustomization are given with -f'
    return FROM_ELSEWHERE.test(reason) ? 'nothing is fetched: keep a copy beside it (kustomize localize makes one)' : ''
  }
  return runRenderer({ ...of, work, done: 'built', command, env: {}, hintFor }, timeout)
}
