import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../src/lab/lab.ts'

export interface ForwardOptions {
  /** Where it listens: this port of 127.0.0.1 in the namespace of the place. */
  readonly port: number
  /** Where a connection goes, seen from the machine; asked anew for each one. */
  readonly target: () => NetConnectOpts
}

export interface ForwardedPort extends AsyncDisposable {
  readonly port: number
  /** Live connections. */
  connections(): number
  /** Closes all live connections without a word of TLS; further ones are served. */
  cut(): void
  /** Ends the listeners and what goes through them. Twice does no harm. */
  close(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('./programs/forward.ts', import.meta.url))

/**
 * Makes a port of the machine reachable at 127.0.0.1 of a lab place, which has no other way to it: a small program in
 * the namespace pipes to a unix socket, this process from there to the target. Bytes pass unseen, so TLS is end to end.
 * Throws when the port is taken there.
 */
export async function forwardPort(
  lab: Pick<Lab, 'command'>,
  place: string,
  { port, target }: ForwardOptions,
): Promise<ForwardedPort> {
  await using undo = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-fwd-'))
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const socket = join(folder, 's')

  const live = new Set<Socket>()
  const cut = (): void => {
    for (const near of live) near.destroy()
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    live.add(near)
    const far = connect({ ...target(), allowHalfOpen: true })
    // Each direction to its own end; a break of one end breaks the other.
    pipeline(near, far, () => {})
    pipeline(far, near, () => {})
    near.once('close', () => live.delete(near))
  })
  server.listen(socket)
  await once(server, 'listening')
  undo.defer(async () => {
    const closed = once(server, 'close')
    server.close()
    cut()
    await closed
  })

  const [file = '', ...rest] = lab.command(place, [process.execPath, PROGRAM, JSON.stringify({ port, socket })])
  const program = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(program, 'exit')
  undo.defer(async () => {
    program.stdin.end()
    await ended
  })
  let errors = ''
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ready = once(createInterface({ input: program.stdout }), 'line').then(() => true)
  if (!(await Promise.race([ready, ended.then(() => false)]))) throw new Error(`no port ${port} in ${place}: ${errors}`)

  const running = undo.move()
  const close = (): Promise<void> => running.disposeAsync()
  return { port, connections: () => live.size, cut, close, [Symbol.asyncDispose]: close }
}
