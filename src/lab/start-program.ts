import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { LabCommandError } from './lab-error.ts'
import { enterNamespace } from './namespaces.ts'

export interface RunningProgram {
  /** Writes a line with a JSON value to its stdin. */
  tell(value: unknown): void
  /** Rejects with a LabCommandError when it ends, also when it was stopped. */
  readonly ended: Promise<never>
  stop(): Promise<void>
}

/** The command that runs one of programs/ by this Node; its argument is one JSON value. */
function programCommand(namespace: string, program: string, argument: unknown): string[] {
  // Written in TypeScript, shipped as JavaScript: as this file is.
  const file = fileURLToPath(new URL(`./programs/${program}${extname(import.meta.url)}`, import.meta.url))
  return enterNamespace(namespace, [process.execPath, file, JSON.stringify(argument)])
}

/**
 * Starts a program that stays. Resolves once it printed its first line, which says 'ready'; each further line is a
 * JSON value for `onReport`. It ends with its stdin, so it does not outlive this process, however that ends.
 */
export async function startProgram(
  namespace: string,
  program: string,
  argument: unknown,
  onReport: (report: unknown) => void = () => {},
): Promise<RunningProgram> {
  const [file = '', ...rest] = programCommand(namespace, program, argument)
  const subprocess = execa(file, rest, { stdin: 'pipe', buffer: { stdout: false }, reject: false })
  const ready = Promise.withResolvers<void>()
  const ended = (async (): Promise<never> => {
    for await (const line of subprocess) {
      if (line === 'ready') ready.resolve()
      else onReport(JSON.parse(line))
    }
    const { exitCode, stderr } = await subprocess
    throw new LabCommandError({ command: `${program} ${JSON.stringify(argument)}`, exitCode, stderr })
  })()
  ended.catch(ready.reject)
  await ready.promise
  return {
    // What is written to a program that has just ended is lost with it.
    tell: (value) => subprocess.nodeChildProcess.stdin?.write(`${JSON.stringify(value)}\n`, () => {}),
    ended,
    stop: async () => {
      subprocess.nodeChildProcess.kill('SIGTERM')
      await ended.catch(() => undefined)
    },
  }
}
