import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'

export interface BuildOptions {
  /** Where programs are looked for, as in the environment variable. */
  readonly path: string
  /** Milliseconds until a build is given up. */
  readonly timeout: number
}

/** More than this is no set of manifests. */
const LARGEST_OUTPUT = 256 * 1024 * 1024

/** A port of this machine on which nothing listens: what goes through it fails at once. */
const NO_PROXY_HERE = 'http://127.0.0.1:9'

/**
 * Builds the kustomization in a directory with kustomize or kubectl, whichever PATH has. It may be a stranger's: nothing above
 * its root is read, no plugin and no Helm runs, and the program gets an environment in which it finds no git and no
 * way to the network. Whatever goes wrong is a diagnostic.
 */
export function buildKustomization(directory: string, { path, timeout }: BuildOptions): ReadPaths {
  const name = printablePath(directory)
  const fail = (problem: string, hint = ''): ReadPaths => {
    const diagnostic: Diagnostic = { severity: 'error', code: 'kustomization', problem: `${name}: ${problem}`, hint }
    return { sources: [], diagnostics: [diagnostic] }
  }
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return fail('is no directory')
  const program = findProgram('kustomize', path) ?? findProgram('kubectl', path)
  if (program === undefined) {
    const hint = `build it where one of them is: kubectl kustomize ${name} | selvedge ... -f -`
    return fail('a kustomization is built by kustomize or kubectl, and neither is in PATH', hint)
  }
  const verb = program.endsWith('kustomize') ? 'build' : 'kustomize'
  const { status, signal, error, stdout, stderr } = spawnSync(
    program,
    [verb, resolve(directory), '--load-restrictor=LoadRestrictionsRootOnly'],
    {
      env: { PATH: '', HOME: '/nonexistent', HTTP_PROXY: NO_PROXY_HERE, HTTPS_PROXY: NO_PROXY_HERE },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: LARGEST_OUTPUT,
    },
  )
  const code = error !== undefined && 'code' in error ? error.code : undefined
  if (code === 'ETIMEDOUT') return fail(`${verb} did not end within ${timeout / 1000} s`)
  if (code === 'ENOBUFS') return fail('builds to more than 256 MiB')
  if (error !== undefined) return fail(`cannot be built: ${printable(error.message)}`)
  if (status !== 0) {
    const why = stderr.toString('utf8').trim().split('\n').at(-1) ?? ''
    return fail(`cannot be built: ${printable(why === '' ? `${signal ?? `exit ${status}`}` : why)}`)
  }
  return { sources: [{ file: `${name} (built)`, text: stdout.toString('utf8') }], diagnostics: [] }
}

export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
