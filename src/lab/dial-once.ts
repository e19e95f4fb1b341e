import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { ConnectResult, Dial } from './client-messages.ts'

const RESEND_MILLISECONDS = 100

/** Tries one connection from where this process is. Never rejects: how it failed is the answer. */
export function dialOnce(dial: Dial): Promise<ConnectResult> {
  const { promise, resolve } = Promise.withResolvers<ConnectResult>()
  const finish = (outcome: ConnectResult['outcome'], code?: string) =>
    resolve({ outcome, ...(code === undefined ? {} : { code }) })
  const fail = ({ code }: NodeJS.ErrnoException) => {
    if (code === 'ETIMEDOUT') finish('silent', code)
    else finish(code === 'ECONNREFUSED' ? 'refused' : 'unreachable', code)
  }
  const dialNow = dial.protocol === 'TCP' ? dialTcp : dialUdp
  const hangUp = dialNow(dial, () => finish('answered'), fail)
  // What has come in by now is looked at first: a busy process wakes late.
  const timer = setTimeout(() => setImmediate(() => finish('silent')), dial.timeoutMilliseconds)
  return promise.finally(() => {
    clearTimeout(timer)
    hangUp()
  })
}

type DialNow = (dial: Dial, answered: () => void, failed: (error: NodeJS.ErrnoException) => void) => () => void

const dialTcp: DialNow = ({ toAddress, port, fromAddress }, answered, failed) => {
  const socket = connect({ host: toAddress, port, ...(fromAddress === undefined ? {} : { localAddress: fromAddress }) })
  socket.on('connect', answered)
  socket.on('error', failed)
  return () => socket.destroy()
}

const dialUdp: DialNow = ({ toAddress, port, fromAddress }, answered, failed) => {
  const socket = createSocket(toAddress.includes(':') ? 'udp6' : 'udp4')
  let timer: NodeJS.Timeout | undefined
  let over = false
  socket.on('error', failed)
  socket.on('message', answered)
  const bound = (): void => {
    // Connected, so that an ICMP error is reported to this socket.
    socket.connect(port, toAddress, () => {
      if (over) return
      const send = (): void => socket.send('hello', (error) => error && failed(error))
      send()
      timer = setInterval(send, RESEND_MILLISECONDS)
    })
  }
  if (fromAddress === undefined) bound()
  else socket.bind(0, fromAddress, bound)
  return () => {
    over = true
    clearInterval(timer)
    socket.close()
  }
}
