import { createConnection, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A raw connection, for what no HTTP client would send. */
export interface RawConnection {
  readonly socket: Socket
  /** Everything that came, once the other side has ended the connection, however it did. */
  readonly ended: Promise<string>
  /** Everything that came so far, once it contains the text. */
  until(text: string): Promise<string>
}

/** Connects to `address:port` (an IPv6 literal in brackets) or to a unix socket's path. */
export async function connectRaw(address: string): Promise<RawConnection> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  const port = Number(address.slice(colon + 1))
  const socket = createConnection(address.startsWith('/') ? { path: address } : { host, port })
  onTestFinished(() => {
    socket.destroy()
  })
  let received = ''
  let look = (): void => undefined
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    look()
  })
  // A reset is an end as well; what came before it counts.
  socket.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => {
      look()
      resolve(received)
    })
  })
  await new Promise((resolve) => {
    socket.once('connect', resolve)
    socket.once('close', resolve)
  })
  return {
    socket,
    ended,
    until: (text) =>
      new Promise((resolve) => {
        look = () => {
          if (received.includes(text) || socket.closed) resolve(received)
        }
        look()
      }),
  }
}
