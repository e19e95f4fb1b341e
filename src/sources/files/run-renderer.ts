import { spawnSync } from 'node:child_process'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import { decodeText } from './decode-text.ts'
import { printablePath } from './printable-path.ts'
import type { ReadPaths } from './read-paths.ts'
import { NO_WAY_OUT, withoutNetwork } from './without-network.ts'

export interface BuildOptions {
  /** Where programs are looked for, as in the environment variable. */
  readonly path: string
  /** Milliseconds until a build is given up. */
  readonly timeout: number
}

interface Rendering {
  /** What is rendered. */
  readonly directory: string
  /** `chart`: of diagnostics. */
  readonly code: string
  /** `helm template`: who is at work. */
  readonly work: string
  /** `rendered`: what is done to it. */
  readonly done: string
  /** The program, and what it is told. */
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  /** What helps, of what the program said last; empty where nobody knows. */
  readonly hintFor: (reason: string) => string
}

/** More than this is no set of manifests. */
const LARGEST_OUTPUT = 256 * 1024 * 1024
const LONGEST_REASON = 400
/** A folder that is nowhere, for programs that would look into their user's. */
export const NOWHERE = '/nonexistent'

/**
 * What a program makes of a directory, which may be a stranger's: it runs without network (or where the machine does not let us, with
 * a proxy that leads nowhere), and in an environment in which it finds no other program and nothing of its user. Whatever goes wrong is a
 * diagnostic.
 */
export function runRenderer(rendering: Rendering, timeout: number): ReadPaths {
  const { directory, work, done, command, env, hintFor } = rendering
  const name = printablePath(directory)
  const fail = (problem: string, hint = '') => notRendered(rendering, problem, hint)
  const [file = '', ...words] = withoutNetwork(command)
  const { status, signal, error, stdout, stderr } = spawnSync(file, words, {
    env: { PATH: '', HOME: NOWHERE, ...NO_WAY_OUT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: LARGEST_OUTPUT,
  })
  const code = error !== undefined && 'code' in error ? error.code : undefined
  if (code === 'ETIMEDOUT') return fail(`${work} did not end within ${timeout / 1000} s`, `try it: ${work} ${name}`)
  if (code === 'ENOBUFS') return fail(`${work} prints more than 256 MiB`, 'that is no set of manifests')
  if (error !== undefined) return fail(`cannot be ${done}: ${printable(error.message)}`)
  if (status !== 0) {
    const why = reasonIn(stderr.toString('utf8'))
    const reason = why === '' ? `${work} ended with ${signal ?? `exit status ${status}`}` : why
    return fail(`cannot be ${done}: ${printablePath(reason)}`, hintFor(reason))
  }
  let text: string
  try {
    text = decodeText(stdout)
  } catch {
    return fail(`${work} prints what is no text in UTF-8`, `try it: ${work} ${name}`)
  }
  const empty = told(rendering, `${work} makes nothing of it`, 'the answer is of nothing', 'warning')
  return { sources: [{ file: `${name} (${done})`, text }], diagnostics: /\S/.test(text) ? [] : [empty] }
}

/** Nothing, and why. */
export function notRendered(of: Pick<Rendering, 'directory' | 'code'>, problem: string, hint = ''): ReadPaths {
  return { sources: [], diagnostics: [told(of, problem, hint)] }
}

/** The last line that a program said, less what its log says of itself; what went wrong stands at its end, so it is not cut short. */
function reasonIn(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? ''
  const [, reason = line] = /^E\d{4} .*? err="(.*)"$/.exec(line) ?? /^[Ee]rror: (.*)$/.exec(line) ?? []
  const plain = reason.replaceAll('\\"', '"')
  return plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON)}…` : plain
}

function told(
  { directory, code }: Pick<Rendering, 'directory' | 'code'>,
  problem: string,
  hint: string,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return { severity, code, problem: `${printablePath(directory)}: ${problem}`, hint }
}
