import { createInterface } from 'node:readline'
import { execa } from 'execa'
import type { Replies, Request } from './probe/protocol.ts'

/** One probe that stays: asking it costs a line, not a process in a pod. */
export interface Session {
  readonly ask: <Kind extends Request['kind']>(request: Extract<Request, { kind: Kind }>) => Promise<Replies[Kind]>
  readonly open: () => boolean
  readonly close: () => void
}

interface Waiting {
  readonly done: (reply: never) => void
  readonly fail: (error: Error) => void
}

/** Longer than anything that is asked of a probe. */
const ANSWER_MILLISECONDS = 120_000

export function openSession(name: string, file: string, argv: readonly string[]): Session {
  const child = execa(file, argv, { stdin: 'pipe', reject: false, buffer: { stdout: false } })
  const waiting = new Map<number, Waiting>()
  let next = 0
  let open = true
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, reply, error } = JSON.parse(line) as { id: number; reply: never; error?: string }
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.done(reply)
    else one?.fail(new Error(`${name}: ${error}`))
  })
  child.stdin.on('error', () => {})
  void child.then(({ stderr }) => {
    open = false
    for (const { fail } of waiting.values()) fail(new Error(`the session in ${name} ended: ${stderr}`))
    waiting.clear()
  })
  return {
    ask: (request) =>
      new Promise((done, fail) => {
        if (!open) return fail(new Error(`the session in ${name} has ended`))
        const id = (next += 1)
        const timer = setTimeout(() => {
          waiting.delete(id)
          fail(new Error(`${name} did not answer: ${request.kind}`))
        }, ANSWER_MILLISECONDS)
        waiting.set(id, {
          done: (reply) => {
            clearTimeout(timer)
            done(reply)
          },
          fail: (error) => {
            clearTimeout(timer)
            fail(error)
          },
        })
        child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
      }),
    open: () => open,
    close: () => void child.kill(),
  }
}
