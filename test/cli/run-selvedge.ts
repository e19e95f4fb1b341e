import { join } from 'node:path'
import { execa } from 'execa'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** The program as `bin/selvedge.js` starts it, under this Node. */
export const MAIN = join(PROJECT_ROOT, 'src', 'cli', 'main.ts')
export const SHOP = join(PROJECT_ROOT, 'examples', 'shop')
export const TWO_NODES = join(PROJECT_ROOT, 'examples', 'two-nodes')

/** What a run of the program left behind, byte for byte. */
export interface Run {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly input?: string
  readonly cwd?: string
  readonly prefix?: readonly string[]
  /** What the variable COLUMNS says. */
  readonly columns?: string
}

/** Runs the real program as a child; relative paths among the arguments are read from `cwd`. */
export async function selvedge(
  args: readonly string[],
  { input = '', cwd = PROJECT_ROOT, prefix = [], columns = '' }: RunOptions = {},
): Promise<Run> {
  const [file = '', ...rest] = [...prefix, process.execPath, MAIN, ...args]
  const env = { COLUMNS: columns }
  const options = { input, cwd, env, reject: false, stripFinalNewline: false, maxBuffer: 256 * 1024 * 1024 } as const
  const { exitCode, stdout, stderr } = await execa(file, rest, options)
  return { exitCode, stdout, stderr }
}

/** The standard output of a run that must go well and have nothing to say. */
export async function printed(args: readonly string[], options?: Parameters<typeof selvedge>[1]): Promise<string> {
  const { exitCode, stdout, stderr } = await selvedge(args, options)
  if (exitCode !== 0 || stderr !== '') throw new Error(`exit ${exitCode}: ${stderr}`)
  return stdout
}

/** A run that was refused: these lines on standard error, nothing on standard output. */
export function refused(...lines: readonly string[]): Run {
  return { exitCode: 2, stdout: '', stderr: lines.map((line) => `${line}\n`).join('') }
}
