import { setTimeout as sleep } from 'node:timers/promises'
import { runProgram, startProgram } from './start-program.ts'
import type { Place } from './topology.ts'

export type SocketProtocol = 'TCP' | 'UDP'

/** Who speaks: the client, and the server gives back what it got; or the server, unasked, after the client's first word. */
export type Manner = 'echo' | 'push'

export interface ServeOptions {
  readonly tcp?: readonly number[]
  readonly udp?: readonly number[]
  /** Default echo. */
  readonly manner?: Manner
}

export interface Server {
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Default 1,000. */
  readonly timeoutMilliseconds?: number
  readonly fromAddress?: string
}

export interface ConnectResult {
  /** TCP: the handshake was done. UDP: an answer came; without one the port may be open, and is 'silent'. */
  readonly outcome: 'answered' | 'refused' | 'unreachable' | 'silent'
  /** The system's word, such as ECONNREFUSED. */
  readonly code?: string
}

export interface SessionOptions {
  readonly from: Place
  readonly toAddress: string
  readonly port: number
  readonly protocol: SocketProtocol
  /** Default echo; the server must have been started in the same manner. */
  readonly manner?: Manner
  readonly fromAddress?: string
}

export interface Session {
  /** Bytes that came from the server so far. */
  received(): number
  /** The system's word for how it ended ('closed' by the server), as long as it lives undefined. */
  ended(): string | undefined
  /** True as soon as more bytes arrive than had when asked; false when none did in that time. */
  progresses(withinMilliseconds: number): Promise<boolean>
  close(): Promise<void>
}

export async function serve(place: Place, options: ServeOptions): Promise<Server> {
  const { tcp = [], udp = [], manner = 'echo' } = options
  // A datagram is answered from the address it was sent to only by a socket bound to that address.
  const udpAddresses = place.kind === 'node' ? ['::'] : place.addresses
  const program = await startProgram(place.namespace, 'server', { tcp, udp, udpAddresses, manner })
  return { close: program.stop }
}

export async function connect(
  place: Place,
  toAddress: string,
  port: number,
  protocol: SocketProtocol,
  options: ConnectOptions = {},
): Promise<ConnectResult> {
  const { timeoutMilliseconds = 1_000, fromAddress } = options
  const argument = { toAddress, port, protocol, timeoutMilliseconds, fromAddress }
  return (await runProgram(place.namespace, 'connect', argument)) as ConnectResult
}

/** Opens a session and resolves once its first bytes came. Throws LabCommandError when none do within 5 s. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { from, manner = 'echo', ...rest } = options
  const state: { received: number; ended?: string } = { received: 0 }
  const program = await startProgram(from.namespace, 'session', { manner, ...rest }, (report) => {
    Object.assign(state, report)
  })
  return {
    received: () => state.received,
    ended: () => state.ended,
    progresses: async (withinMilliseconds) => {
      const before = state.received
      const deadline = performance.now() + withinMilliseconds
      while (state.received <= before && performance.now() < deadline) await sleep(10)
      return state.received > before
    },
    close: program.stop,
  }
}
