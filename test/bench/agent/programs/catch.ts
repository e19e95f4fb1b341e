// Notes which of the datagrams of flood.ts come. Argument: { at, port, hole }. Each line of stdin is answered with the number
// of the last one, and of those before and after the last hole of at least so many. It ends with its stdin.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'

interface Argument {
  readonly at: string
  readonly port: number
  readonly hole: number
}

const { at, port, hole } = JSON.parse(process.argv[2] ?? '') as Argument
// What measures is not to wait for what is measured.
setPriority(-10)
let last = -1
let [before, after] = [-1, -1]

const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
socket.on('message', (message) => {
  const number = message.readDoubleBE()
  if (number - last > hole) [before, after] = [last, number]
  last = number
})
socket.bind(port, at)
await once(socket, 'listening')

process.stdout.write('{}\n')
for await (const _ of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify({ last, before, after })}\n`)
}
process.exit()
