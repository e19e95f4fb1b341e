// Holds one TCP or UDP session open and prints { received } as bytes come, { ended } when it ends. Argument:
// { toAddress, port, protocol: 'TCP' | 'UDP', manner: 'echo' | 'push', fromAddress? }.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

interface Argument {
  readonly toAddress: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
  readonly manner: 'echo' | 'push'
  readonly fromAddress?: string
}

const { toAddress, port, protocol, manner, fromAddress } = JSON.parse(process.argv[2] ?? '') as Argument
const SEND_MILLISECONDS = 20
const OPEN_MILLISECONDS = 5_000
let received = 0

const giveUp = setTimeout(() => {
  process.stderr.write(`no answer from ${toAddress} ${port}/${protocol}\n`)
  process.exit(1)
}, OPEN_MILLISECONDS)

process.stdin.resume().on('end', () => process.exit())
if (protocol === 'TCP') openTcp()
else openUdp()

function openTcp(): void {
  const socket = connect({ host: toAddress, port, ...(fromAddress === undefined ? {} : { localAddress: fromAddress }) })
  socket.setNoDelay()
  socket.on('connect', () => speak(() => socket.write('word')))
  socket.on('data', (data) => receive(data.length))
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  socket.on('end', () => end('closed'))
}

function openUdp(): void {
  const socket = createSocket(toAddress.includes(':') ? 'udp6' : 'udp4')
  const start = (): void => {
    socket.connect(port, toAddress, () => speak(() => socket.send('word', () => {})))
  }
  socket.on('message', (message) => receive(message.length))
  // A refusal in between does not end a flow of datagrams.
  socket.on('error', () => {})
  if (fromAddress === undefined) start()
  else socket.bind(0, fromAddress, start)
}

function speak(word: () => void): void {
  word()
  if (manner === 'echo') setInterval(word, SEND_MILLISECONDS)
}

function receive(bytes: number): void {
  if (received === 0) {
    clearTimeout(giveUp)
    process.stdout.write('ready\n')
  }
  received += bytes
  report({ received })
}

function end(reason: string): void {
  if (received > 0) report({ ended: reason })
  else process.stderr.write(`${reason}\n`)
  process.exit(received > 0 ? 0 : 1)
}

function report(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
