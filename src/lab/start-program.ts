import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { LabCommandError } from './lab-error.ts'
import { enterNamespace } from './namespaces.ts'
import { mustRun } from './run-command.ts'

export interface RunningProgram {
  stop(): Promise<void>
}

/** The command that runs one of programs/ by this Node; its argument is one JSON value. */
function programCommand(namespace: string, program: string, argument: unknown): string[] {
  // Written in TypeScript, shipped as JavaScript: as this file is.
  const file = fileURLToPath(new URL(`./programs/${program}${extname(import.meta.url)}`, import.meta.url))
  return enterNamespace(namespace, [process.execPath, file, JSON.stringify(argument)])
}

/** Runs a program to its end and returns the JSON value that it printed. */
export async function runProgram(namespace: string, program: string, argument: unknown): Promise<unknown> {
  return JSON.parse(await mustRun(programCommand(namespace, program, argument)))
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
  const reading = (async () => {
    for await (const line of subprocess) {
      if (line === 'ready') ready.resolve()
      else onReport(JSON.parse(line))
    }
    const { exitCode, stderr } = await subprocess
    ready.reject(new LabCommandError({ command: `${program} ${JSON.stringify(argument)}`, exitCode, stderr }))
  })()
  reading.catch(ready.reject)
  await ready.promise
  return {
    stop: async () => {
      subprocess.nodeChildProcess.kill('SIGTERM')
      await reading.catch(() => undefined)
    },
  }
}
