// Listens on 127.0.0.1 of the network namespace it runs in and pipes each connection to a unix socket, which the file
// system has in common with every namespace. Argument: { port, socket }. It ends with its stdin.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

interface Argument {
  readonly port: number
  readonly socket: string
}

const { port, socket } = JSON.parse(process.argv[2] ?? '') as Argument

const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ path: socket, allowHalfOpen: true })
  pipeline(near, far, () => {})
  pipeline(far, near, () => {})
})
server.listen({ port, host: '127.0.0.1', backlog: 511 })
await once(server, 'listening')
process.stdout.write('ready\n')
process.stdin.resume().on('end', () => process.exit())
