import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { connect, isIP, isIPv6 } from 'node:net'
import type { Answer, Outcome, Target } from './protocol.ts'

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EACCES: 'unreachable',
}

/** One new connection: a line there, a line back. */
export async function dial(target: Target, milliseconds: number): Promise<Answer> {
  const deadline = Date.now() + milliseconds
  const host = await addressOf(target.host)
  if (host === undefined) return { outcome: 'timeout', said: `no address of ${target.host}` }
  const left = Math.max(1, deadline - Date.now())
  return target.protocol === 'tcp' ? dialTcp(host, target.port, left) : dialUdp(host, target.port, left)
}

/** Addresses by DNS, asked once with one second of patience; none if nobody answers. */
export async function resolve(name: string, family: 4 | 6): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 })
  try {
    return family === 4 ? await resolver.resolve4(name) : await resolver.resolve6(name)
  } catch {
    return []
  }
}

async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host
  return (await resolve(host, 4))[0] ?? (await resolve(host, 6))[0]
}

function dialTcp(host: string, port: number, milliseconds: number): Promise<Answer> {
  return new Promise((done) => {
    const socket = connect({ host, port })
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      socket.destroy()
      done(answer)
    }
    const timer = setTimeout(() => end({ outcome: 'timeout', said: '' }), milliseconds)
    socket.on('connect', () => socket.write('hello\n'))
    socket.on('data', (data) => end({ outcome: 'ok', said: data.toString().trim() }))
    socket.on('end', () => end({ outcome: 'error', said: 'closed without an answer' }))
    socket.on('error', (error: NodeJS.ErrnoException) => end(failure(error)))
  })
}

function dialUdp(host: string, port: number, milliseconds: number): Promise<Answer> {
  return new Promise((done) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      socket.close()
      done(answer)
    }
    const timer = setTimeout(() => end({ outcome: 'timeout', said: '' }), milliseconds)
    socket.on('message', (data) => end({ outcome: 'ok', said: data.toString().trim() }))
    socket.on('error', (error: NodeJS.ErrnoException) => end(failure(error)))
    // Connected, so that an ICMP error is heard.
    socket.connect(port, host, () => socket.send('hello\n'))
  })
}

function failure({ code = '', message }: NodeJS.ErrnoException): Answer {
  return { outcome: code === 'ETIMEDOUT' ? 'timeout' : (OUTCOMES[code] ?? 'error'), said: message }
}
