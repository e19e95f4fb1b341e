import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ADDRESSES, type Flight, NOTRACK_PORT, PORTS } from './kernel-flights.ts'

/**
 * Runs in a network namespace of its own. Reads rulesets for the output hook, one a line as JSON text; loads each, sends
 * every flight over the loopback interface, there and back, and answers with the list of which packets the kernel let
 * out (a drop at output is EPERM to the sender). Not imported by any test.
 */
const UNTRACKED = `table inet other { chain c { type filter hook output priority raw; policy accept; udp dport ${NOTRACK_PORT} notrack; udp sport ${NOTRACK_PORT} notrack; }; }\n`

// One port a flight, so that every flight is a connection of its own.
let nextPort = 20_000
const LAST_PORT = 29_999

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.bind(port, address)
  await once(socket, 'listening')
  return socket
}

function leaves(socket: Socket, port: number, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    socket.send('x', port, address, (error) => {
      if (error === null) resolve(true)
      else if ((error as NodeJS.ErrnoException).code === 'EPERM') resolve(false)
      else reject(error)
    })
  })
}

const listeners = new Map<string, Socket>()
for (const address of ADDRESSES) {
  for (const port of PORTS) listeners.set(`${address} ${port}`, await bind(address, port))
}

for await (const line of createInterface(process.stdin)) {
  execFileSync('nft', ['-f', '-'], { input: `flush ruleset\n${UNTRACKED}${JSON.parse(line) as string}` })
  const flights: Flight[] = []
  for (const address of ADDRESSES) {
    const source = address.includes(':') ? '::1' : '127.0.0.1'
    for (const port of PORTS) {
      // A port used again would meet the connection that conntrack still remembers.
      if (nextPort === LAST_PORT) throw new Error('no source ports left: start another probe')
      nextPort += 1
      const socket = await bind(source, nextPort)
      const listener = listeners.get(`${address} ${port}`)
      if (listener === undefined) throw new Error('every address and port has a listener')
      const request = await leaves(socket, port, address)
      const answer = await leaves(listener, nextPort, source)
      flights.push({ source, sourcePort: nextPort, destination: address, destinationPort: port, request, answer })
      socket.close()
    }
  }
  process.stdout.write(`${JSON.stringify(flights)}\n`)
}
for (const listener of listeners.values()) listener.close()
