import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The leading zero byte makes it an abstract name (unix(7)): one per network namespace, gone with its process. */
const NAME = '\0selvedge-agent'
const TRIES = 5

export type InstanceLock =
  | { readonly kind: 'held'; release(): Promise<void> }
  /** `holder`: what the other one says of itself, its pid first; undefined when it does not answer. */
  | { readonly kind: 'taken'; readonly holder: string | undefined }

export interface LockOptions {
  /** What the other one is told, beside the pid, on one line: pod, version. */
  readonly holder: string
  readonly name?: string
  readonly signal?: AbortSignal | undefined
}

/**
 * One agent for each network namespace: two would undo each other's work. Any process of the node may take the name, also
 * one without rights; that keeps an agent from starting, but the table stays in force.
 */
export async function acquireInstanceLock({ holder, name = NAME, signal }: LockOptions): Promise<InstanceLock> {
  for (let attempt = 0; attempt < TRIES && !signal?.aborted; attempt += 1) {
    const server = await listen(name, `pid ${process.pid}, ${holder}\n`)
    if (server !== undefined) return { kind: 'held', release: () => close(server) }
    const answer = await ask(name)
    if (answer.kind === 'answer') return { kind: 'taken', holder: answer.text }
    if (answer.kind === 'silent') break
    // It was just about to end.
    await sleep(50, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }
  return { kind: 'taken', holder: undefined }
}

function listen(name: string, answer: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.end(answer)
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => {
      // The lock is no reason to live on.
      server.unref()
      resolve(server)
    })
  })
}

type Answer = { readonly kind: 'answer'; readonly text: string } | { readonly kind: 'gone' | 'silent' }

function ask(name: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(name)
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(1_000, () => {
      resolve({ kind: 'silent' })
      socket.destroy()
    })
    socket.on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(0, 500)
    })
    socket.on('error', () => resolve({ kind: 'gone' }))
    socket.on('close', () => resolve(text === '' ? { kind: 'gone' } : { kind: 'answer', text: text.trim() }))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
