import { runProgram } from './run-program.ts'

export interface ListOptions {
  /** As for `createNft`; it only lists, and waits for no run of that one. */
  readonly command?: readonly string[]
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
}

/** What nft lists, asked by these words, which have `-j` among them; undefined when it cannot be read, for whatever reason. */
export async function listJson(words: readonly string[], options: ListOptions): Promise<unknown> {
  const { command = ['nft'], timeoutMilliseconds, signal } = options
  const end = await runProgram([...command, ...words], { timeoutMilliseconds, signal })
  if (end.kind !== 'exited' || end.exitCode !== 0) return undefined
  try {
    return JSON.parse(end.stdout)
  } catch {
    return undefined
  }
}
