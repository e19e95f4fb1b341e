import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import packageJson from '../../../package.json' with { type: 'json' }
import { printable } from '../../../compiler/objects/quote.ts'
import { isFields } from '../../../compiler/objects/read-fields.ts'
import type { ClusterError } from '../kubernetes/cluster-error.ts'
import { connectionFailure } from '../kubernetes/connection-failure.ts'
import type { Connections } from '../kubernetes/create-connections.ts'
import { readStatus } from '../kubernetes/read-status.ts'
import type { Target } from '../kubernetes/target.ts'

export interface ExecRequest {
  readonly target: Target
  /** To that target. */
  readonly connections: Connections
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  /** For all of it. */
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
}

export type ExecEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** The API server's own answer: it may not be asked so, or there is no such pod. */
  | { readonly kind: 'refused'; readonly error: ClusterError }
  /** It did not run, or nobody knows how it ended; in words. */
  | { readonly kind: 'failed'; readonly problem: string }

/** The API's exec over WebSockets: a byte that says which stream, then its data; `v5` besides can close one, which nobody here does. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const
const [STDOUT, STDERR, STATUS, CLOSE] = [1, 2, 3, 255]

/** What an agent notes is some megabytes; whatever sends more than this is none. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_COMPLAINT_BYTES = 64 * 1024

/**
 * Runs a command in a container, without standard input or terminal, and waits for its end. Never rejects: what can be wrong on the
 * way to one pod of many is an answer. By ws rather than by the client library's Exec: that one throws from a listener at the first byte
 * that is not as it should be, keeps to itself what a refusal says, and takes half a second to load.
 */
export async function execInPod(request: ExecRequest): Promise<ExecEnd> {
  const { target, connections, timeoutMilliseconds, signal } = request
  const { WebSocket } = await import('ws')
  return new Promise((resolve) => {
    let socket: WebSocket | undefined
    const end = (how: ExecEnd): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket?.terminate()
      resolve(how)
    }
    const fail = (problem: string): void => end({ kind: 'failed', problem })
    const onAbort = (): void => fail(isTimeOver(signal) ? 'no answer in the time for all' : 'not waited for any longer')
    const timer = setTimeout(() => fail(`no answer within ${timeoutMilliseconds / 1000} s`), timeoutMilliseconds)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted === true) return onAbort()
    try {
      socket = new WebSocket(addressOf(request), PROTOCOLS, {
        headers: { 'user-agent': `selvedge/${packageJson.version}`, ...target.headers },
        agent: connections.agent,
        perMessageDeflate: false,
        maxPayload: MOST_BYTES,
        handshakeTimeout: timeoutMilliseconds,
      })
    } catch (error) {
      return fail(connectionFailure(error, target.server.host).message)
    }
    socket.on('error', (error) => fail(connectionFailure(error, target.server.host).message))
    socket.on('close', () => fail('the connection ended before the answer did'))
    socket.on('unexpected-response', (_, response) => {
      void refusal(response).then((error) => end({ kind: 'refused', error }))
    })
    collect(socket, end, fail)
  })
}

/** Rather than that somebody has had enough (AbortSignal.timeout). */
function isTimeOver(signal: AbortSignal | undefined): boolean {
  const reason: unknown = signal?.reason
  return reason instanceof Error && reason.name === 'TimeoutError'
}

function addressOf({ target, namespace, pod, container, command }: ExecRequest): URL {
  const address = new URL(target.server)
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:'
  const words = [namespace, pod].map(encodeURIComponent)
  address.pathname = `${address.pathname.replace(/\/$/, '')}/api/v1/namespaces/${words[0]}/pods/${words[1]}/exec`
  const query = new URLSearchParams({ stdout: 'true', stderr: 'true', container })
  for (const word of command) query.append('command', word)
  address.search = query.toString()
  return address
}

function collect(socket: WebSocket, end: (how: ExecEnd) => void, fail: (problem: string) => void): void {
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let bytes = 0
  let complaintBytes = 0
  socket.on('message', (message, isBinary) => {
    const [channel] = message
    const data = message.subarray(1)
    if (!isBinary || channel === undefined) return fail('what answers there is no exec of Kubernetes')
    switch (channel) {
      case STDOUT:
        bytes += data.length
        if (bytes > MOST_BYTES) fail('its answer has no end')
        else stdout.push(data)
        return
      case STDERR:
        complaintBytes += data.length
        if (complaintBytes <= MOST_COMPLAINT_BYTES) stderr.push(data)
        return
      case STATUS: {
        const exit = readExit(data)
        if (typeof exit === 'string') return fail(exit)
        const text = (some: readonly Buffer[]) => Buffer.concat(some).toString('utf8')
        return end({ kind: 'exited', exitCode: exit, stdout: text(stdout), stderr: text(stderr) })
      }
      case CLOSE:
        return
      default:
        return fail('what answers there is no exec of Kubernetes')
    }
  })
}

/** An exit code, or why there is none: metav1.Status, with the code as a cause (k8s.io/client-go/tools/remotecommand/v4.go). */
function readExit(data: Buffer): number | string {
  const status = parse(data)
  if (!isFields(status)) return 'what answers there is no exec of Kubernetes'
  if (status['status'] === 'Success') return 0
  const details = isFields(status['details']) ? status['details'] : {}
  const causes: readonly unknown[] = Array.isArray(details['causes']) ? details['causes'] : []
  for (const cause of causes) {
    if (!isFields(cause) || cause['reason'] !== 'ExitCode') continue
    const code = Number(cause['message'])
    if (Number.isInteger(code)) return code
  }
  const { message } = status as { readonly message?: unknown }
  return typeof message === 'string' ? printable(message) : 'it could not be run, and no reason was given'
}

async function refusal(response: IncomingMessage): Promise<ClusterError> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of response) {
      pieces.push(piece as Buffer)
      bytes += (piece as Buffer).length
      if (bytes > MOST_COMPLAINT_BYTES) break
    }
  } catch {
    // The status says enough.
  }
  return readStatus(parse(Buffer.concat(pieces)), response.statusCode ?? 0, response.headers['retry-after'])
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    return undefined
  }
}
