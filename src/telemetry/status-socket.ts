import { createServer, type Socket } from 'node:net'
import type { AgentStatus } from './agent-status.ts'
import { claimSocket } from './claim-socket.ts'
import type { Log } from './log.ts'

export { askStatus } from './ask-status.ts'

export interface ServeStatusOptions {
  readonly path: string
  readonly status: () => AgentStatus
  readonly log?: Log | undefined
}

export interface StatusServer {
  readonly path: string
  /** Ends it, every connection, and takes the socket away. */
  close(): Promise<void>
}

export const DEFAULT_SOCKET = '/run/selvedge/agent.sock'

const MOST_CONNECTIONS = 16
const LONGEST_REQUEST_BYTES = 256
/** A connection on which nothing moves, and one that only drips. */
const IDLE_MILLISECONDS = 3_000
const LONGEST_MILLISECONDS = 10_000

/**
 * Answers on a unix socket that only its owner can open: the request is the line `status`, the answer one line of JSON
 * (AgentStatus, or `{ "error": "…" }`), then the connection ends.
 *
 * @throws {StatusSocketError} when the socket cannot be made: in use by a live agent, permission denied, bad path.
 */
export async function serveStatus({ path, status, log }: ServeStatusOptions): Promise<StatusServer> {
  const connections = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    serve(socket, (request) => answerTo(request, status, log))
  })
  server.maxConnections = MOST_CONNECTIONS
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

function serve(socket: Socket, answer: (request: string) => string): void {
  let request = Buffer.alloc(0)
  let answered = false
  const deadline = setTimeout(() => socket.destroy(), LONGEST_MILLISECONDS).unref()
  const reply = (): void => {
    if (answered) return
    answered = true
    socket.end(answer(request.toString('utf8')))
  }
  socket.setTimeout(IDLE_MILLISECONDS, () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    // What comes after the request is read, or the end would reach the other side as a reset, and not kept.
    if (answered) return
    request = Buffer.concat([request, chunk.subarray(0, LONGEST_REQUEST_BYTES + 1 - request.length)])
    if (request.includes('\n') || request.length > LONGEST_REQUEST_BYTES) reply()
  })
  socket.on('end', reply)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearTimeout(deadline))
}

function answerTo(request: string, status: () => AgentStatus, log: Log | undefined): string {
  const line = request.split('\n', 1)[0]?.trim()
  if (line !== 'status') return `${JSON.stringify({ error: 'the only request is the line: status' })}\n`
  try {
    return `${JSON.stringify(status())}\n`
  } catch (err) {
    // A bug of ours, but not one for which to end enforcement.
    log?.error('cannot make the status', { err })
    return `${JSON.stringify({ error: 'the agent could not make its status; its log says why' })}\n`
  }
}
