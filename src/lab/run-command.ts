import { execa } from 'execa'
import { LabCommandError } from './lab-error.ts'

export interface CommandOptions {
  readonly input?: string | Uint8Array
  /** Default 60,000. */
  readonly timeoutMilliseconds?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface CommandResult {
  /** Undefined when a signal, such as the timeout's, ended it. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, whatever its exit code. Throws LabCommandError only when it cannot be started. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file = '', ...rest] = argv
  const result = await execa(file, rest, {
    reject: false,
    timeout: options.timeoutMilliseconds ?? 60_000,
    forceKillAfterDelay: 1_000,
    maxBuffer: 256 * 1024 * 1024,
    stripFinalNewline: false,
    env: { LC_ALL: 'C', ...options.env },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  })
  const { exitCode, stdout, stderr } = result
  if (exitCode === undefined && !result.isTerminated && !result.timedOut) {
    throw new LabCommandError({ command: file, exitCode, stderr: result.shortMessage ?? stderr })
  }
  return { exitCode, stdout, stderr }
}

/** Runs a program that has to succeed and returns its stdout. Throws LabCommandError otherwise. */
export async function mustRun(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(argv, options)
  if (exitCode !== 0) throw new LabCommandError({ command: argv.join(' '), exitCode, stderr })
  return stdout
}
