import { createServer, type Socket } from 'node:net'
import type { AgentAudit } from './agent-audit.ts'
import type { AgentDenied } from './agent-denied.ts'
import type { AgentFlows } from './agent-flows.ts'
import { AGENT_QUESTIONS } from './agent-question.ts'
import type { AgentRules } from './agent-rules.ts'
import type { AgentStatus } from './agent-status.ts'
import { claimSocket } from './claim-socket.ts'
import type { Log } from './log.ts'
export { DEFAULT_SOCKET } from './socket-path.ts'

export { askStatus } from './ask-status.ts'

export interface ServeStatusOptions {
  readonly path: string
  readonly answers: StatusAnswers
  readonly log?: Log | undefined
  readonly limits?: Partial<StatusLimits> | undefined
}

/** What may be asked for, by the line that asks. */
export interface StatusAnswers {
  readonly status: () => AgentStatus
  /** May take as long as nft does; undefined: it cannot be read now. */
  readonly denied: () => Promise<AgentDenied | undefined>
  /** As `denied`, with what was allowed. */
  readonly flows: () => Promise<AgentFlows | undefined>
  /** As `denied`, with what audited policies would make of it. */
  readonly audit: () => Promise<AgentAudit | undefined>
  readonly rules: () => Promise<AgentRules | undefined>
}

export interface StatusLimits {
  readonly connections: number
  readonly requestBytes: number
  /** For a connection on which nothing moves. */
  readonly idleMilliseconds: number
  /** For all of a connection, one that only drips too. */
  readonly wholeMilliseconds: number
}

export interface StatusServer {
  readonly path: string
  /** Ends it, every connection, and takes the socket away. */
  close(): Promise<void>
}

export const STATUS_LIMITS: StatusLimits = {
  connections: 16,
  requestBytes: 256,
  idleMilliseconds: 3_000,
  wholeMilliseconds: 10_000,
}

/**
 * Answers on a unix socket that only its owner can open: the request is one of `AGENT_QUESTIONS` as a line, the answer one line of JSON (as
 * in `StatusAnswers`, or `{ "error": "…" }`), then the connection ends.
 *
 * @throws {StatusSocketError} when the socket cannot be made: in use by a live agent, permission denied, bad path.
 */
export async function serveStatus(options: ServeStatusOptions): Promise<StatusServer> {
  const { path, answers, log } = options
  const limits = { ...STATUS_LIMITS, ...options.limits }
  const connections = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    serve(socket, limits, (request) => answerTo(request, answers, log))
  })
  server.maxConnections = limits.connections
  const takeAway = await claimSocket(server, path)
  server.on('error', (err) => log?.warn('the status socket had an error', { err }))
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        takeAway()
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  }
}

function serve(socket: Socket, limits: StatusLimits, answer: (request: string) => Promise<string>): void {
  let request = Buffer.alloc(0)
  let answered = false
  const deadline = setTimeout(() => socket.destroy(), limits.wholeMilliseconds).unref()
  const reply = (): void => {
    if (answered) return
    answered = true
    // Nothing moves while the answer is made; the deadline of the whole connection stays.
    socket.setTimeout(0)
    void answer(request.toString('utf8')).then((text) => {
      socket.setTimeout(limits.idleMilliseconds)
      socket.end(text)
    })
  }
  socket.setTimeout(limits.idleMilliseconds, () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    // What comes after the request is read, or the end would reach the other side as a reset, and not kept.
    if (answered) return
    request = Buffer.concat([request, chunk.subarray(0, limits.requestBytes + 1 - request.length)])
    if (request.includes('\n') || request.length > limits.requestBytes) reply()
  })
  socket.on('end', reply)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearTimeout(deadline))
}

async function answerTo(request: string, answers: StatusAnswers, log: Log | undefined): Promise<string> {
  const line = request.split('\n', 1)[0]?.trim()
  const question = AGENT_QUESTIONS.find((one) => one === line)
  if (question === undefined) return told({ error: `the requests are the lines: ${AGENT_QUESTIONS.join(', ')}` })
  try {
    return told((await answers[question]()) ?? { error: 'what was noted could not be read from the kernel' })
  } catch (err) {
    // A bug of ours, but not one for which to end enforcement.
    log?.error('cannot answer a request', { request: line, err })
    return told({ error: 'the agent could not make its answer; its log says why' })
  }
}

function told(answer: object): string {
  return `${JSON.stringify(answer)}\n`
}
