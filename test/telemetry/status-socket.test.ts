import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AgentStatus } from '../../src/telemetry/agent-status.ts'
import { askStatus, serveStatus, type StatusLimits, type StatusServer } from '../../src/telemetry/status-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { connectRaw } from './http-client.ts'
import { sampleStatus } from './sample-status.ts'

const NOTHING = () => Promise.resolve(undefined)

const PROGRAM = join(import.meta.dirname, 'serve-status.ts')

function somewhere(): string {
  return join(temporaryFolder(), 'agent.sock')
}

async function serve(
  path: string,
  status: () => AgentStatus = sampleStatus,
  limits: Partial<StatusLimits> = {},
): Promise<StatusServer> {
  const server = await serveStatus({
    path,
    answers: { status, denied: NOTHING, flows: NOTHING, audit: NOTHING, rules: NOTHING },
    limits,
  })
  onTestFinished(() => server.close())
  return server
}

/** Somebody else's socket. */
async function foreign(path: string, answer: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(() => {
    server.close()
  })
}

/** An agent in a process of its own, which does not outlive the test. */
async function startAgent(path: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const agent = execa(process.execPath, [PROGRAM, path], { reject: false })
  const kill = async (): Promise<void> => {
    agent.kill('SIGKILL')
    await agent
  }
  onTestFinished(kill)
  await new Promise((resolve) => agent.stdout.once('data', resolve))
  return { pid: agent.pid ?? 0, kill }
}

describe('between the two', () => {
  test('what the agent says arrives as it was said, again and again', async () => {
    const path = somewhere()
    let pending = 0
    await serve(path, () => sampleStatus({ pending: { events: (pending += 1), oldestMilliseconds: 5 } }))
    expect(await askStatus(path)).toEqual(sampleStatus({ pending: { events: 1, oldestMilliseconds: 5 } }))
    expect((await askStatus(path)).pending.events).toBe(2)
  })

  test('an agent that has applied nothing yet can be asked', async () => {
    const path = somewhere()
    await serve(path, () => sampleStatus({ enforced: undefined, ready: false }))
    expect((await askStatus(path)).enforced).toBeUndefined()
  })

  test('a status of megabytes arrives whole, ten at once', async () => {
    const path = somewhere()
    const problems = Array.from({ length: 20_000 }, (_, index) => ({
      of: `file ${index}`,
      problem: 'ü'.repeat(50),
      hint: '',
    }))
    await serve(path, () => sampleStatus({ problems }))
    const answers = await Promise.all(Array.from({ length: 10 }, () => askStatus(path)))
    for (const answer of answers) expect(answer.problems).toEqual(problems)
  })
})

describe('the socket', () => {
  test('only its owner may open it, and a folder that is made for it', async () => {
    const folder = join(temporaryFolder(), 'run', 'selvedge')
    const before = process.umask(0)
    onTestFinished(() => {
      process.umask(before)
    })
    await serve(join(folder, 'agent.sock'))
    expect(lstatSync(join(folder, 'agent.sock')).isSocket()).toBe(true)
    expect(statSync(join(folder, 'agent.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual(['agent.sock'])
  })

  test('that of a killed agent is replaced', async () => {
    const path = somewhere()
    const agent = await startAgent(path)
    expect((await askStatus(path)).pid).toBe(agent.pid)
    await agent.kill()
    expect(existsSync(path)).toBe(true)
    await expect(askStatus(path)).rejects.toMatchObject({ kind: 'no agent' })
    await serve(path)
    expect((await askStatus(path)).pid).toBe(4242)
  })

  test('that of a live agent is not replaced, and goes on', async () => {
    const path = somewhere()
    const agent = await startAgent(path)
    await expect(serve(path)).rejects.toMatchObject({ name: 'StatusSocketError', kind: 'in use', path })
    expect((await askStatus(path)).pid).toBe(agent.pid)
    expect(readdirSync(join(path, '..'))).toEqual(['agent.sock'])
  })

  test('of agents that start at once, one gets it', async () => {
    const path = somewhere()
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => serve(path)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await askStatus(path)).pid).toBe(4242)
  })

  test('a file that stands there stays', async () => {
    const path = somewhere()
    writeFileSync(path, 'precious')
    await expect(serve(path)).rejects.toMatchObject({ kind: 'bad path' })
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  test('a path longer than a socket can have is refused, by both', async () => {
    const path = join(temporaryFolder(), 'x'.repeat(108))
    await expect(serve(path)).rejects.toMatchObject({ kind: 'bad path', hint: expect.stringContaining('--socket') })
    await expect(askStatus(path)).rejects.toMatchObject({ kind: 'bad path' })
  })

  test('closing takes it away, and not what another has put there since', async () => {
    const path = somewhere()
    const first = await serveStatus({
      path,
      answers: { status: sampleStatus, denied: NOTHING, flows: NOTHING, audit: NOTHING, rules: NOTHING },
    })
    const waiting = await connectRaw(path)
    await first.close()
    await waiting.ended
    expect(existsSync(path)).toBe(false)
    const second = await serveStatus({
      path,
      answers: { status: sampleStatus, denied: NOTHING, flows: NOTHING, audit: NOTHING, rules: NOTHING },
    })
    rmSync(path)
    writeFileSync(path, 'another')
    await second.close()
    expect(readFileSync(path, 'utf8')).toBe('another')
  })
})

describe('bounds', () => {
  test.each([
    ['another word', 'hello\n'],
    ['two words', 'status now\n'],
    ['an empty line', '\n'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a line that does not end', 'status'.repeat(1_000_000)],
  ])('%s gets an error in words', async (_, request) => {
    const path = somewhere()
    await serve(path)
    const connection = await connectRaw(path)
    connection.socket.write(request)
    expect(await connection.ended).toBe('{"error":"the requests are the lines: status, denied, flows, audit, rules"}\n')
  })

  test.each(['status', 'status\n', 'status\r\nmore'])('%j is the question', async (request) => {
    const path = somewhere()
    await serve(path)
    const connection = await connectRaw(path)
    connection.socket.end(request)
    expect(JSON.parse(await connection.ended)).toEqual(JSON.parse(JSON.stringify(sampleStatus())))
  })

  test('who says nothing is cut', async () => {
    const path = somewhere()
    await serve(path, sampleStatus, { idleMilliseconds: 200 })
    expect(await (await connectRaw(path)).ended).toBe('')
  })

  test('who drips is cut', async () => {
    const path = somewhere()
    await serve(path, sampleStatus, { wholeMilliseconds: 300 })
    const connection = await connectRaw(path)
    const drip = setInterval(() => connection.socket.write(' '), 50)
    onTestFinished(() => clearInterval(drip))
    expect(await connection.ended).toBe('')
  })

  test('who does not read is cut, and others are answered meanwhile', async () => {
    const path = somewhere()
    const statuses = [sampleStatus({ problems: [{ of: 'file', problem: 'x'.repeat(16 << 20), hint: '' }] })]
    await serve(path, () => statuses.pop() ?? sampleStatus(), { idleMilliseconds: 300 })
    const connection = await connectRaw(path)
    connection.socket.pause()
    connection.socket.write('status\n')
    while (statuses.length > 0) await sleep(10)
    expect((await askStatus(path)).node).toBe('worker-1')
    await sleep(1_500)
    connection.socket.resume()
    expect((await connection.ended).length).toBeLessThan(16 << 20)
  })

  test('too many at once are turned away, and told to try again', async () => {
    const path = somewhere()
    await serve(path)
    const silent = await Promise.all(Array.from({ length: 16 }, () => connectRaw(path)))
    await expect(askStatus(path)).rejects.toMatchObject({
      name: 'StatusSocketError',
      kind: expect.stringMatching(/^no/),
    })
    for (const { socket } of silent) socket.destroy()
    await sleep(50)
    expect((await askStatus(path)).node).toBe('worker-1')
  })

  test('a status that cannot be made is an error in words, and the next question is answered', async () => {
    const path = somewhere()
    let broken = true
    await serve(path, () => {
      if (broken) throw new Error('a bug')
      return sampleStatus()
    })
    await expect(askStatus(path)).rejects.toMatchObject({
      kind: 'no answer',
      message: expect.stringContaining('its log'),
    })
    broken = false
    expect((await askStatus(path)).node).toBe('worker-1')
  })
})

describe('asking', () => {
  test('nobody there', async () => {
    const error = await askStatus(somewhere()).catch((each: unknown) => each)
    expect(error).toMatchObject({
      name: 'StatusSocketError',
      kind: 'no agent',
      hint: expect.stringContaining('--socket'),
    })
    await expect(askStatus('/dev/null/agent.sock')).rejects.toMatchObject({ kind: 'no agent' })
  })

  test('a file is no agent', async () => {
    const path = somewhere()
    writeFileSync(path, '')
    await expect(askStatus(path)).rejects.toMatchObject({ kind: 'no agent' })
  })

  test('another user may not ask', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    const path = join(folder, 'agent.sock')
    await serve(path)
    if (process.getuid?.() === 0) {
      process.seteuid?.(65_534)
      onTestFinished(() => process.seteuid?.(0))
    } else chmodSync(path, 0)
    const asked = askStatus(path).catch((each: unknown) => each)
    process.seteuid?.(process.getuid?.() ?? 0)
    expect(await asked).toMatchObject({ kind: 'permission denied', hint: expect.stringContaining('root') })
  })

  test.each([
    ['text', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['JSON of another kind', '{"version":"1"}\n'],
    ['a list', '[]\n'],
    ['an agent of another version', JSON.stringify({ ...sampleStatus(), enforced: { policies: 3 } })],
  ])('what answers %s is no agent', async (_, answer) => {
    const path = somewhere()
    await foreign(path, (socket) => socket.end(answer))
    await expect(askStatus(path)).rejects.toMatchObject({ kind: 'not an agent' })
  })

  test('who hangs up, or says nothing, gives no answer', async () => {
    const path = somewhere()
    await foreign(path, (socket) => socket.end())
    await expect(askStatus(path)).rejects.toMatchObject({ kind: 'no answer' })
    const silent = somewhere()
    await foreign(silent, () => undefined)
    const asked = askStatus(silent, { timeoutMilliseconds: 100 })
    await expect(asked).rejects.toMatchObject({ kind: 'no answer', message: expect.stringContaining('within 0.1 s') })
  })

  test('a folder that this user may not write is an error in words', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'closed'), { mode: 0o500 })
    chmodSync(folder, 0o755)
    if (process.getuid?.() === 0) process.seteuid?.(65_534)
    const served = serve(join(folder, 'closed', 'agent.sock')).catch((each: unknown) => each)
    process.seteuid?.(process.getuid?.() ?? 0)
    expect(await served).toMatchObject({ kind: 'permission denied' })
  })
})
