import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { hostname } from 'node:os'

/** Answers each line, datagram or HTTP request with "POD from ADDRESS". `listen`: words like tcp:8080 and udp:53. */
export function serve(listen: readonly string[]): void {
  for (const word of listen) {
    const [protocol, port] = word.split(':')
    if (protocol === 'tcp') serveTcp(Number(port))
    else serveUdp(Number(port))
  }
  // Also without any port the pod stays.
  setInterval(() => {}, 1 << 30)
  process.on('SIGTERM', () => process.exit(0))
}

function serveTcp(port: number): void {
  const server = createServer((socket) => {
    const answer = `${hostname()} from ${plain(socket.remoteAddress ?? '')}\n`
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const text = data.toString()
      if (text.startsWith('GET ')) {
        socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`)
      } else {
        socket.write(answer.repeat(text.split('\n').length - 1))
      }
    })
  })
  server.listen(port)
}

function serveUdp(port: number): void {
  for (const type of ['udp4', 'udp6'] as const) {
    const socket = createSocket({ type, ipv6Only: type === 'udp6' })
    socket.on('message', (_, { address, port: from }) => {
      socket.send(`${hostname()} from ${address}\n`, from, address)
    })
    // A pod of one family has no other to listen on.
    socket.on('error', () => {})
    socket.bind(port)
  }
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, '')
}
