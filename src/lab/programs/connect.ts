// Tries one connection and prints how it went: { outcome, code? }. Argument:
// { toAddress, port, protocol: 'TCP' | 'UDP', timeoutMilliseconds, fromAddress? }.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

interface Argument {
  readonly toAddress: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
  readonly timeoutMilliseconds: number
  readonly fromAddress?: string
}

const { toAddress, port, protocol, timeoutMilliseconds, fromAddress } = JSON.parse(process.argv[2] ?? '') as Argument
const RESEND_MILLISECONDS = 100

setTimeout(() => finish('silent'), timeoutMilliseconds)
if (protocol === 'TCP') tryTcp()
else tryUdp()

function tryTcp(): void {
  const socket = connect({ host: toAddress, port, ...(fromAddress === undefined ? {} : { localAddress: fromAddress }) })
  socket.on('connect', () => finish('answered'))
  socket.on('error', fail)
}

function tryUdp(): void {
  const socket = createSocket(toAddress.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', fail)
  socket.on('message', () => finish('answered'))
  const bound = (): void => {
    // Connected, so that an ICMP error is reported to this socket.
    socket.connect(port, toAddress, () => {
      const send = (): void => socket.send('hello', (error) => error && fail(error))
      send()
      setInterval(send, RESEND_MILLISECONDS)
    })
  }
  if (fromAddress === undefined) bound()
  else socket.bind(0, fromAddress, bound)
}

function fail(error: NodeJS.ErrnoException): void {
  if (error.code === 'ETIMEDOUT') finish('silent', error.code)
  finish(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', error.code)
}

function finish(outcome: string, code?: string): never {
  process.stdout.write(`${JSON.stringify({ outcome, code })}\n`)
  process.exit()
}
