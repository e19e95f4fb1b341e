import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../../src/lab/lab.ts'

/** One of programs/ in a place of the lab, which answers each line of JSON with one. */
export interface LineProgram {
  /** What it said when it was ready. */
  readonly ready: unknown
  /** Throws when it has ended. */
  ask(question: unknown): Promise<unknown>
  close(): Promise<void>
}

/** Starts it; it ends with its stdin, hence also when this process dies. Throws with its stderr when it never is ready. */
export async function startLineProgram(
  lab: Lab,
  place: string,
  program: string,
  argument: unknown,
): Promise<LineProgram> {
  const path = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url))
  const [file = '', ...rest] = lab.command(place, [process.execPath, path, JSON.stringify(argument)])
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  // A write to a program that has ended fails; whoever waits for the answer is told below.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(`${program} ended: ${errors}`)
    return JSON.parse(value) as unknown
  }
  const ready = await answer()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    ready,
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      turn = turn.then(answer)
      return turn
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
