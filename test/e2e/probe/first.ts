import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MILLISECONDS = 2

/**
 * Says its text to each target from its first instruction on, all the time, for so long: `first MILLISECONDS TEXT HOST:PORT...`. An
 * IPv6 address stands in brackets. What comes of it, who listens knows.
 */
export async function first([milliseconds = '', text = '', ...targets]: readonly string[]): Promise<void> {
  const end = performance.now() + Number(milliseconds)
  const sockets = targets.map((target) => {
    const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(target) ?? []
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    // A host that is unreachable for a moment is no reason to stop.
    socket.on('error', () => undefined)
    return { say: () => socket.send(text, Number(port), host, () => undefined), socket }
  })
  while (performance.now() < end) {
    for (const { say } of sockets) say()
    await sleep(EVERY_MILLISECONDS)
  }
  for (const { socket } of sockets) socket.close()
}
