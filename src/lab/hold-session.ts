import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { Hold } from './client-messages.ts'

export interface Holding {
  /** More bytes came from the server. */
  received(bytes: number): void
  /** The system's word for how it ended, 'closed' by the server; a session over UDP never does. */
  ended(reason: string): void
}

/** Holds one session open, speaking all the time if it is its turn; returns how to close it. */
export function holdSession(hold: Hold, holding: Holding): () => void {
  return hold.protocol === 'TCP' ? holdTcp(hold, holding) : holdUdp(hold, holding)
}

function holdTcp(hold: Hold, { received, ended }: Holding): () => void {
  const { toAddress: host, port, fromAddress } = hold
  const socket = connect({ host, port, ...(fromAddress === undefined ? {} : { localAddress: fromAddress }) })
  let silence = (): void => {}
  const close = (): void => {
    silence()
    socket.destroy()
  }
  const end = (reason: string): void => {
    close()
    ended(reason)
  }
  socket.setNoDelay()
  socket.on('connect', () => {
    silence = speak(hold, () => socket.write('word'))
  })
  socket.on('data', (data) => received(data.length))
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  socket.on('end', () => end('closed'))
  return close
}

function holdUdp(hold: Hold, { received }: Holding): () => void {
  const { toAddress, port, fromAddress } = hold
  const socket = createSocket(toAddress.includes(':') ? 'udp6' : 'udp4')
  let silence = (): void => {}
  let closed = false
  const start = (): void => {
    socket.connect(port, toAddress, () => {
      if (!closed) silence = speak(hold, () => socket.send('word', () => {}))
    })
  }
  socket.on('message', (message) => received(message.length))
  // A refusal in between does not end a flow of datagrams.
  socket.on('error', () => {})
  if (fromAddress === undefined) start()
  else socket.bind(0, fromAddress, start)
  return () => {
    closed = true
    silence()
    socket.close()
  }
}

/** Who pushes has to be asked once. Returns how to stop. */
function speak({ manner, everyMilliseconds }: Hold, word: () => void): () => void {
  word()
  if (manner === 'push') return () => {}
  const timer = setInterval(word, everyMilliseconds)
  return () => clearInterval(timer)
}
