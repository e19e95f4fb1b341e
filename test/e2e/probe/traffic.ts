import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { dial } from './dial.ts'
import type { Manner, Tally, Target } from './protocol.ts'

const EVERY_MILLISECONDS = 50
/** What is still under way when traffic is stopped has so long to be answered. */
const LAST_MILLISECONDS = 4_000

interface Count {
  sent: number
  answered: number
  longestGap: number
  last: number
  broken?: string
}

export interface Traffic {
  readonly stop: () => Promise<Tally>
}

/** Traffic that goes on until it is stopped: to find what leaks or is cut while something else happens. */
export function startTraffic(manner: Manner, target: Target): Traffic {
  const count: Count = { sent: 0, answered: 0, longestGap: 0, last: Date.now() }
  const answered = (): void => {
    count.answered += 1
    count.longestGap = Math.max(count.longestGap, Date.now() - count.last)
    count.last = Date.now()
  }
  const { send, end } = manner === 'knock' ? knock(target, answered) : hold(target, count, answered)
  const timer = setInterval(() => {
    count.sent += 1
    send()
  }, EVERY_MILLISECONDS)
  return {
    stop: async () => {
      clearInterval(timer)
      const deadline = Date.now() + LAST_MILLISECONDS
      while (count.answered < count.sent && Date.now() < deadline) await new Promise((next) => setTimeout(next, 20))
      end()
      const { sent, broken } = count
      const longestGap = count.answered === 0 ? 0 : count.longestGap
      return { sent, answered: count.answered, longestGap, ...(broken === undefined ? {} : { broken }) }
    },
  }
}

function knock(target: Target, answered: () => void) {
  const send = (): void => {
    void dial(target, LAST_MILLISECONDS).then(({ outcome }) => outcome === 'ok' && answered())
  }
  return { send, end: () => {} }
}

function hold({ protocol, host, port }: Target, count: Count, answered: () => void) {
  if (protocol === 'udp') {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    socket.on('message', answered)
    socket.on('error', () => {})
    return { send: () => socket.send('more\n', port, host), end: () => socket.close() }
  }
  const socket = connect({ host, port })
  // Answers may arrive joined; each is a line.
  socket.on('data', (data) => {
    for (const byte of data) if (byte === 0x0a) answered()
  })
  socket.on('error', (error) => (count.broken = error.message))
  socket.on('end', () => (count.broken = 'closed by the server'))
  return { send: () => socket.write('more\n'), end: () => socket.destroy() }
}
