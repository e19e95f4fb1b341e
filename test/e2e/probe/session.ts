import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { dial, resolve } from './dial.ts'
import { heard, listen } from './listen.ts'
import type { Replies, Request, Target } from './protocol.ts'
import { settle } from './settle.ts'
import { startTraffic, type Traffic } from './traffic.ts'

/** Does what it is asked, line by line, many things at once, until its input ends. */
export function session(): void {
  const running = new Map<string, Traffic>()
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { id, ...request } = JSON.parse(line) as Request & { readonly id: number }
      void perform(request, running).then(
        (reply) => process.stdout.write(`${JSON.stringify({ id, reply })}\n`),
        (error: unknown) => process.stdout.write(`${JSON.stringify({ id, error: String(error) })}\n`),
      )
    })
    .on('close', () => process.exit(0))
}

async function perform(request: Request, running: Map<string, Traffic>): Promise<Replies[Request['kind']]> {
  switch (request.kind) {
    case 'dial':
      return Promise.all(request.targets.map((target) => dial(target, request.milliseconds)))
    case 'settle':
      return Promise.all(request.targets.map((target) => settle(target, request.milliseconds)))
    case 'resolve':
      return resolve(request.name, request.family)
    case 'start':
      running.set(request.name, startTraffic(request.manner, request.target))
      return null
    case 'stop': {
      const traffic = running.get(request.name)
      if (traffic === undefined) throw new Error(`no traffic called ${request.name}`)
      running.delete(request.name)
      return traffic.stop()
    }
    case 'forward':
      return forward(request.port, request.to)
    case 'listen':
      return listen(request.port)
    case 'heard':
      return heard(request.port)
  }
}

/** What an ingress controller does: accepts a connection, and makes one of its own to a pod. */
function forward(port: number, { host, port: to }: Target): Promise<null> {
  return new Promise((done, fail) => {
    createServer((from) => {
      const onward = connect({ host, port: to })
      from.pipe(onward).pipe(from)
      from.on('error', () => onward.destroy())
      onward.on('error', () => from.destroy())
    })
      .on('error', fail)
      .listen(port, () => done(null))
  })
}
