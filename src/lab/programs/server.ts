// Answers on TCP and UDP ports. Argument: { tcp, udp: number[], udpAddresses: string[], manner: 'echo' | 'push', everyMilliseconds }.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

interface Argument {
  readonly tcp: readonly number[]
  readonly udp: readonly number[]
  readonly udpAddresses: readonly string[]
  readonly manner: 'echo' | 'push'
  readonly everyMilliseconds: number
}

const PUSHED = 'pushed'

const { tcp, udp, udpAddresses, manner, everyMilliseconds } = JSON.parse(process.argv[2] ?? '') as Argument

for (const port of tcp) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (manner === 'echo') {
      socket.pipe(socket)
      return
    }
    const timer = setInterval(() => socket.write(PUSHED), everyMilliseconds)
    socket.resume().on('close', () => clearInterval(timer))
  })
  server.listen({ port, host: '::', backlog: 511 })
  await once(server, 'listening')
}

for (const port of udp) for (const address of udpAddresses) await listen(address, port)

process.stdout.write('ready\n')
process.stdin.resume().on('end', () => process.exit())

async function listen(address: string, port: number): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  const pushedTo = new Set<string>()
  socket.on('message', (message, peer) => {
    if (manner === 'echo') send(socket, message, peer)
    else if (!pushedTo.has(`${peer.address} ${peer.port}`)) {
      pushedTo.add(`${peer.address} ${peer.port}`)
      setInterval(() => send(socket, Buffer.from(PUSHED), peer), everyMilliseconds)
    }
  })
  socket.bind(port, address)
  await once(socket, 'listening')
}

/** What the network refuses (a rule that rejects) is the client's business, not an end of the server. */
function send(socket: Socket, message: Buffer, peer: { readonly address: string; readonly port: number }): void {
  socket.send(message, peer.port, peer.address, () => {})
}
