import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './client.ts'
import type { ConnectResult, Manner, SocketProtocol } from './client-messages.ts'
import { LabCommandError } from './lab-error.ts'
import { startProgram } from './start-program.ts'
import type { Place } from './topology.ts'

export type { ConnectResult, Manner, SocketProtocol } from './client-messages.ts'

export interface ServeOptions {
  readonly tcp?: readonly number[]
  readonly udp?: readonly number[]
  /** Default echo. */
  readonly manner?: Manner
  /** Where the server speaks: so often. Default 20. */
  readonly everyMilliseconds?: number
}

export interface Server {
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Default 1,000. */
  readonly timeoutMilliseconds?: number
  readonly fromAddress?: string
}

export interface SessionOptions {
  readonly toAddress: string
  readonly port: number
  readonly protocol: SocketProtocol
  /** Default echo; the server must have been started in the same manner. */
  readonly manner?: Manner
  /** Where the client speaks: so often. Default 20. */
  readonly everyMilliseconds?: number
  /** Default 5,000. */
  readonly openMilliseconds?: number
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
  const { tcp = [], udp = [], manner = 'echo', everyMilliseconds = 20 } = options
  // A datagram is answered from the address it was sent to only by a socket bound to that address.
  const udpAddresses = place.kind === 'node' ? ['::'] : place.addresses
  const program = await startProgram(place.namespace, 'server', { tcp, udp, udpAddresses, manner, everyMilliseconds })
  return { close: program.stop }
}

export async function connect(
  client: Client,
  toAddress: string,
  port: number,
  protocol: SocketProtocol,
  options: ConnectOptions = {},
): Promise<ConnectResult> {
  const { timeoutMilliseconds = 1_000, fromAddress } = options
  return client.dial({
    toAddress,
    port,
    protocol,
    timeoutMilliseconds,
    ...(fromAddress === undefined ? {} : { fromAddress }),
  })
}

/** Opens a session and resolves once its first bytes came. Throws LabCommandError when none do in time. */
export async function openSession(client: Client, options: SessionOptions): Promise<Session> {
  const { manner = 'echo', everyMilliseconds = 20, openMilliseconds = 5_000, ...rest } = options
  let received = 0
  let ended: string | undefined
  const opened = Promise.withResolvers<void>()
  const fail = (stderr: string): void =>
    opened.reject(new LabCommandError({ command: `session ${JSON.stringify(options)}`, exitCode: undefined, stderr }))
  const close = await client.hold(
    { manner, everyMilliseconds, ...rest },
    {
      received(bytes) {
        received += bytes
        opened.resolve()
      },
      ended(reason) {
        ended = reason
        fail(reason)
      },
    },
  )
  const timer = setTimeout(
    () => fail(`no answer from ${rest.toAddress} ${rest.port}/${rest.protocol}`),
    openMilliseconds,
  )
  try {
    await opened.promise
  } catch (error) {
    close()
    throw error
  } finally {
    clearTimeout(timer)
  }
  return {
    received: () => received,
    ended: () => ended,
    progresses: async (withinMilliseconds) => {
      const before = received
      const deadline = performance.now() + withinMilliseconds
      while (received <= before && performance.now() < deadline) await sleep(10)
      return received > before
    },
    close: async () => close(),
  }
}
