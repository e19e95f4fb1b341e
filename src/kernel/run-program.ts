import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { letGo, startChild } from './start-child.ts'

export interface ProgramOptions {
  readonly input?: string
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
  /** Called for each line of its standard output, which is not kept then: for output of any length. */
  readonly onLine?: (line: string) => void
  /** Called at once when it runs. */
  readonly onStarted?: (pid: number) => void
}

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** ENOENT, EACCES: there is no such program, or it may not be run. */
  | { readonly kind: 'not-started'; readonly message: string }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly message: string }

const GRACE_MILLISECONDS = 1_000
/** A listing of 100,000 elements has about 10 MB. */
const LONGEST_OUTPUT = 256 * 1024 * 1024

/**
 * Runs a program once. Resolves in any case, at the latest 2 s after the timeout: even if a process that it started keeps
 * its pipes open, or if it hangs in the kernel where no signal reaches it.
 */
export function runProgram(argv: readonly string[], options: ProgramOptions): Promise<ProgramEnd> {
  const { signal, timeoutMilliseconds, onStarted, input } = options
  if (signal?.aborted) return Promise.resolve({ kind: 'aborted' })
  const child = startChild(argv, { stdin: input === undefined ? 'ignore' : 'pipe', stdout: 'pipe' })
  if (child instanceof Error) return Promise.resolve({ kind: 'not-started', message: child.message })
  if (child.pid !== undefined) onStarted?.(child.pid)
  child.stdin?.end(input)
  return new Promise((resolve) => {
    let why: ProgramEnd | undefined
    let timer: NodeJS.Timeout | undefined
    const end = (because: ProgramEnd): void => {
      why ??= because
      child.kill('SIGTERM')
      clearTimeout(timer)
      timer = setTimeout(() => {
        child.kill('SIGKILL')
        timer = setTimeout(() => over(because), GRACE_MILLISECONDS)
      }, GRACE_MILLISECONDS)
    }
    const onAbort = (): void => end({ kind: 'aborted' })
    const over = (by: ProgramEnd): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      letGo(child)
      resolve(why ?? by)
    }
    timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMilliseconds)
    signal?.addEventListener('abort', onAbort, { once: true })
    const output = collect(child, options.onLine, () => {
      end({ kind: 'failed', message: `more than ${LONGEST_OUTPUT} bytes of output` })
    })
    child.once('error', ({ message }) => over({ kind: 'not-started', message }))
    child.once('close', (exitCode, by) => over(endOf(exitCode, by, output)))
  })
}

interface Output {
  readonly stdout: Buffer[]
  readonly stderr: Buffer[]
}

/** What it says, as it comes; lines are not kept. */
function collect(child: ChildProcess, onLine: ProgramOptions['onLine'], tooLong: () => void): Output {
  const output: Output = { stdout: [], stderr: [] }
  const keep = (name: keyof Output): void => {
    let length = 0
    child[name]?.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > LONGEST_OUTPUT) tooLong()
      else output[name].push(piece)
    })
    // A stream that breaks is the end of it, and the process's own end says why.
    child[name]?.on('error', () => undefined)
  }
  keep('stderr')
  if (onLine === undefined) keep('stdout')
  else if (child.stdout) createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', onLine)
  return output
}

function endOf(exitCode: number | null, signal: NodeJS.Signals | null, { stdout, stderr }: Output): ProgramEnd {
  if (signal !== null) return { kind: 'killed', signal }
  if (exitCode === null) return { kind: 'failed', message: 'nobody knows how it ended' }
  // A shell in between reports its child's death by a signal as 128 and its number.
  if (exitCode > 128 && exitCode <= 128 + 64) return { kind: 'killed', signal: `signal ${exitCode - 128}` }
  return { kind: 'exited', exitCode, stdout: textOf(stdout), stderr: textOf(stderr) }
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString('utf8')
}
