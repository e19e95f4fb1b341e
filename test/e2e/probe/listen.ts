import { createSocket, type Socket } from 'node:dgram'

interface Listening {
  readonly socket: Socket
  readonly heard: Map<string, number>
}

const listening = new Map<number, Listening>()

/** Notes what comes to a port, of either family; a witness that nobody who sends can talk to. */
export function listen(port: number): Promise<null> {
  return new Promise((done, fail) => {
    const heard = new Map<string, number>()
    const socket = createSocket('udp6')
    listening.set(port, { socket, heard })
    socket.on('message', (message) => {
      const text = message.toString()
      heard.set(text, (heard.get(text) ?? 0) + 1)
    })
    socket.on('error', fail)
    socket.bind(port, '::', () => done(null))
  })
}

/** What came, how often, by its text. */
export function heard(port: number): Readonly<Record<string, number>> {
  const found = listening.get(port)
  if (found === undefined) throw new Error(`nobody listens on ${port}`)
  found.socket.close()
  listening.delete(port)
  return Object.fromEntries(found.heard)
}
