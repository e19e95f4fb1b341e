import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { execa, type Options } from 'execa'

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
  const { signal, timeoutMilliseconds, onStarted, onLine } = options
  if (signal?.aborted) return Promise.resolve({ kind: 'aborted' })
  const [file = '', ...rest] = argv
  const subprocess = start(file, rest, {
    // The folder that we were started in may be gone by now.
    cwd: '/',
    env: { LC_ALL: 'C' },
    timeout: timeoutMilliseconds,
    forceKillAfterDelay: GRACE_MILLISECONDS,
    maxBuffer: LONGEST_OUTPUT,
    ...(onLine === undefined ? {} : { buffer: { stdout: false } }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  if (subprocess.pid !== undefined) onStarted?.(subprocess.pid)
  return new Promise((resolve) => {
    const giveUp = () => {
      letGo(subprocess)
      resolve({ kind: signal?.aborted ? 'aborted' : 'timeout' })
    }
    let timer = setTimeout(giveUp, timeoutMilliseconds + 2 * GRACE_MILLISECONDS)
    const onAbort = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, 2 * GRACE_MILLISECONDS)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const lines = onLine === undefined ? Promise.resolve() : readLines(subprocess, onLine)
    void Promise.all([readEnd(subprocess), lines]).then(([end]) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(end)
    })
  })
}

function start(file: string, argv: readonly string[], options: Options) {
  return execa(file, argv, { ...options, reject: false, stripFinalNewline: false })
}

type Subprocess = ReturnType<typeof start>

async function readLines({ stdout }: Subprocess, onLine: (line: string) => void): Promise<void> {
  // Without a process there is no output; a stream that breaks is the end of it, and the process's own end says why.
  if (stdout === null || stdout === undefined) return
  const lines = createInterface({ input: stdout, crlfDelay: Infinity })
  lines.on('line', onLine)
  await once(lines, 'close')
}

async function readEnd(subprocess: Subprocess): Promise<ProgramEnd> {
  const result = await subprocess
  if (result.timedOut) return { kind: 'timeout' }
  if (result.isCanceled) return { kind: 'aborted' }
  if (result.isMaxBuffer) return { kind: 'failed', message: `more than ${LONGEST_OUTPUT} bytes of output` }
  if (result.signal !== undefined) return { kind: 'killed', signal: result.signal }
  const { exitCode } = result
  const message = result.originalMessage ?? result.shortMessage ?? ''
  if (exitCode === undefined) return { kind: result.code === undefined ? 'failed' : 'not-started', message }
  // A shell in between reports its child's death by a signal as 128 and its number.
  if (exitCode > 128 && exitCode <= 128 + 64) return { kind: 'killed', signal: `signal ${exitCode - 128}` }
  return { kind: 'exited', exitCode, stdout: String(result.stdout ?? ''), stderr: String(result.stderr) }
}

/** Nothing of it keeps this process from ending any more. */
function letGo({ nodeChildProcess }: Subprocess): void {
  for (const stream of nodeChildProcess.stdio) stream?.destroy()
  nodeChildProcess.unref()
}
