import { execa } from 'execa'

/** What a command said: its JSON or text where it answered, else why it did not. */
export type Ran =
  | { readonly kind: 'answered'; readonly exitCode: number; readonly stdout: string; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly problem: string }

/** Runs a command of this program with these arguments. */
export type RunCommand = (args: readonly string[], signal: AbortSignal) => Promise<Ran>

const LONGEST_MILLISECONDS = 120_000
const LONGEST_OUTPUT = 64 * 1024 * 1024
const MOST_LINES = 40

/**
 * Each answer is a process of its own, so that no input brings the server down and every answer reads what is there now; one at a
 * time, whatever a client asks at once. No shell, and nothing on its standard input.
 */
export function createRunCommand(): RunCommand {
  let last: Promise<unknown> = Promise.resolve()
  return async (args, signal) => {
    const run = last.then(async () => await runOnce(args, signal))
    last = run.catch(() => undefined)
    return await run
  }
}

async function runOnce(args: readonly string[], cancelSignal: AbortSignal): Promise<Ran> {
  const { exitCode, stdout, stderr, timedOut, isMaxBuffer, isCanceled } = await execa(
    process.execPath,
    [...process.execArgv, process.argv[1] ?? '', ...args],
    {
      cancelSignal,
      env: { NO_COLOR: '1' },
      maxBuffer: LONGEST_OUTPUT,
      reject: false,
      stdin: 'ignore',
      timeout: LONGEST_MILLISECONDS,
    },
  )
  if (isCanceled) return { kind: 'refused', problem: 'cancelled' }
  if (timedOut) return { kind: 'refused', problem: 'no answer within two minutes; ask about fewer files' }
  if (isMaxBuffer) return { kind: 'refused', problem: 'the answer is too long; ask about fewer files' }
  const lines = stderr.split('\n').filter((line) => line !== '')
  const told =
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more lines`] : lines
  // Whoever exits with 3 has printed nothing, but for suggest: it may have made policies of a part of what was seen.
  if (stdout === '' || exitCode === undefined || exitCode > 3)
    return { kind: 'refused', problem: told.join('\n') || `no answer: exit ${exitCode ?? 'by a signal'}` }
  return { kind: 'answered', exitCode, stdout, notes: told }
}
