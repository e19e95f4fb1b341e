// Sends a numbered datagram about every millisecond, one flow for ever. Argument: { from, to, port }. Each line of stdin,
// { number }, is answered with when that one went out and the one before it (milliseconds of the machine's monotonic
// clock, which all its processes share), and which was the last so far. It ends with its stdin.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'

interface Argument {
  readonly from: string
  readonly to: string
  readonly port: number
}

/** Two minutes of them are remembered. */
const KEPT = 1 << 17

const { from, to, port } = JSON.parse(process.argv[2] ?? '') as Argument
// What measures is not to wait for what is measured.
setPriority(-10)
const times = new Float64Array(KEPT)
const payload = Buffer.alloc(8)
let next = 0

const socket = createSocket('udp4')
socket.bind(port, from)
await once(socket, 'listening')
setInterval(() => {
  payload.writeDoubleBE(next)
  times[next % KEPT] = Number(process.hrtime.bigint()) / 1e6
  next += 1
  // What the network refuses is an answer too; the catcher tells.
  socket.send(payload, port, to, () => {})
}, 1)

process.stdout.write('{}\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { number } = JSON.parse(line) as { readonly number: number }
  const answer = { at: times[number % KEPT], before: times[(number - 1 + KEPT) % KEPT], last: next - 1 }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit()
