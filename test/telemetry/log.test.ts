import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa, execaSync } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { createLog, type LogOptions, type RootLog } from '../../src/telemetry/log.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

type Line = Readonly<Record<string, unknown>>

function lines(text: string): readonly Line[] {
  expect(text.endsWith('\n') || text === '').toBe(true)
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
}

function open(path: string, flags: number): number {
  const descriptor = openSync(path, flags)
  onTestFinished(() => closeSync(descriptor))
  return descriptor
}

/** A log into a file, and its lines so far. */
function fileLog(options: LogOptions = {}): { readonly log: RootLog; readonly written: () => readonly Line[] } {
  const path = join(temporaryFolder(), 'log')
  const fileDescriptor = open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND)
  return { log: createLog({ ...options, fileDescriptor }), written: () => lines(readFileSync(path, 'utf8')) }
}

/** A log into a pipe that somebody holds open for reading, and does not read from unless told. */
function pipeLog(): { readonly log: RootLog; readonly read: () => string; readonly hangUp: () => void } {
  const path = join(temporaryFolder(), 'pipe')
  execaSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // As a container's runtime gives it: blocking.
  const log = createLog({ fileDescriptor: open(path, constants.O_WRONLY) })
  const buffer = Buffer.alloc(1 << 20)
  const read = (): string => {
    let text = ''
    try {
      for (let turn = 0; turn < 1_000; turn += 1) {
        const count = readSync(reader, buffer)
        if (count === 0) break
        text += buffer.toString('utf8', 0, count)
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN' })
    }
    return text
  }
  return { log, read, hangUp: () => closeSync(reader) }
}

test('a line is one JSON object: level, time, facts of the log, room, facts of the line, message', () => {
  const { log, written } = fileLog({ facts: { node: 'worker-1' } })
  log.child('kernel').warn('two\nlines', { policy: 'shop/db', pod: { namespace: 'shop', name: 'db-0' }, count: 3 })
  const [line] = written()
  expect(line).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    node: 'worker-1',
    room: 'kernel',
    policy: 'shop/db',
    pod: 'shop/db-0',
    count: 3,
    msg: 'two\nlines',
  })
})

test('nothing below the level is written, in child logs neither', () => {
  const { log, written } = fileLog({ level: 'warn' })
  log.debug('a')
  log.info('b')
  log.child('agent').info('c')
  log.warn('d')
  log.child('agent').error('e')
  expect(written().map(({ msg }) => msg)).toEqual(['d', 'e'])
})

test('an error goes with type, code, kind, stack and cause, and never with megabytes', () => {
  const { log, written } = fileLog()
  const cause = Object.assign(new TypeError('inner'), { code: 'ENOSPC', input: 'x'.repeat(1 << 20) })
  const err = Object.assign(new Error('y'.repeat(1 << 20), { cause }), { kind: 'busy' })
  log.error('nft failed', { err })
  const [line] = written()
  expect(line?.['err']).toMatchObject({
    type: 'Error',
    kind: 'busy',
    message: expect.stringMatching(/^y+…$/),
    cause: { type: 'TypeError', code: 'ENOSPC', message: 'inner', stack: expect.stringContaining('log.test.ts') },
  })
  expect(JSON.stringify(line).length).toBeLessThan(32_768)
})

test('whatever is thrown or handed in, the message is written', () => {
  const { log, written } = fileLog()
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  const thrower = {
    get name(): string {
      throw new Error('no name')
    },
  }
  log.error('circular', { circular })
  log.error('bigint', { count: 1n })
  log.error('not an error', { err: 'just text' })
  log.error('nothing', { err: undefined })
  log.error('thrower', { pod: thrower as never })
  log.error('no text', { err: Object.create(null) as unknown })
  const messages = written().map(({ msg }) => msg)
  expect(messages).toEqual(['circular', 'bigint', 'not an error', 'nothing', 'thrower', 'no text'])
  expect(written()[4]?.['factsLost']).toBe('no name')
})

test('a full disk costs lines, and nothing else', () => {
  const log = createLog({ fileDescriptor: open('/dev/full', constants.O_WRONLY) })
  for (let count = 0; count < 20_000; count += 1) log.info('the disk is full', { count })
  log.close()
  expect(log.linesLost()).toBeGreaterThan(10_000)
})

test('a process whose standard output is a full disk goes on to its end', async () => {
  const program = `
    import { createLog } from './src/telemetry/log.ts'
    const log = createLog()
    for (let count = 0; count < 5000; count += 1) log.child('agent').info('x'.repeat(200), { count })
    await new Promise((resolve) => setTimeout(resolve, 300))
    log.close()
    process.stderr.write(log.linesLost() > 0 ? 'alive' : 'nothing was lost')
  `
  const run = await execa(
    'sh',
    ['-c', 'exec "$0" --input-type=module -e "$1" > /dev/full', process.execPath, program],
    {
      cwd: PROJECT_ROOT,
    },
  )
  expect(run.stderr).toBe('alive')
})

test('nobody reads the pipe: no call waits, and later every line is whole, in order, and the lost are counted', async () => {
  const { log, read } = pipeLog()
  const total = 10_000
  for (let count = 0; count < total; count += 1) log.info('x'.repeat(count % 300), { count })
  expect(log.linesLost()).toBeGreaterThan(0)
  let text = read()
  for (let turn = 0; turn < 100 && !text.includes('linesLost'); turn += 1) {
    await sleep(20)
    text += read()
  }
  const all = lines(text)
  const last = all.at(-1)
  const counts = all.slice(0, -1).map(({ count }) => Number(count))
  expect(counts).toEqual(Array.from({ length: counts.length }, (_, count) => count))
  expect(last).toMatchObject({ level: 'warn', linesLost: total - counts.length })
  log.info('again')
  expect(lines(read()).map(({ msg }) => msg)).toEqual(['again'])
  expect(log.linesLost()).toBe(total - counts.length)
})

test('a line longer than the pipe holds arrives whole once somebody reads', async () => {
  const { log, read } = pipeLog()
  log.info('z'.repeat(200_000))
  let text = read()
  for (let turn = 0; turn < 100 && !text.endsWith('\n'); turn += 1) {
    await sleep(20)
    text += read()
  }
  expect(lines(text).map(({ msg }) => String(msg).length)).toEqual([200_000])
})

test('a reader that is gone costs lines, and nothing else', () => {
  const { log, hangUp } = pipeLog()
  log.info('heard')
  hangUp()
  log.info('unheard')
  log.child('agent').error('unheard')
  log.close()
  expect(log.linesLost()).toBe(2)
})
