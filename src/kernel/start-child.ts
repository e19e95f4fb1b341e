import { type ChildProcess, spawn } from 'node:child_process'

export interface ChildOptions {
  readonly stdin: 'pipe' | 'ignore'
  readonly stdout: 'pipe' | 'ignore'
  /** It has it as its descriptor 3. */
  readonly passed?: number
  /** Beside our own, and `LC_ALL=C`. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Starts a program whose words are English, and which is ended when this process exits. Where it cannot be started, the error
 * comes back, or as an `error` event. Node's own spawn: execa costs 5 MiB of resident memory on each node.
 */
export function startChild(
  argv: readonly string[],
  { stdin, stdout, passed, env }: ChildOptions,
): ChildProcess | Error {
  const [file = '', ...rest] = argv
  let child: ChildProcess
  try {
    // The folder that we were started in may be gone by now.
    const settings = { cwd: '/', env: { ...process.env, LC_ALL: 'C', ...env } }
    child = spawn(file, rest, {
      ...settings,
      stdio: [stdin, stdout, 'pipe', ...(passed === undefined ? [] : [passed])],
    })
  } catch (error) {
    // No memory for another process, or an argument that no program can be given.
    return error instanceof Error ? error : new Error(String(error))
  }
  const endIt = (): void => void child.kill()
  process.once('exit', endIt)
  child.once('exit', () => process.removeListener('exit', endIt))
  child.once('error', () => process.removeListener('exit', endIt))
  // A child that is gone cannot be written to; its end says so.
  child.stdin?.on('error', () => undefined)
  return child
}

/** Nothing of it keeps this process from ending any more. */
export function letGo(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy()
  child.unref()
}
