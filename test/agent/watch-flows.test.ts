import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchFlows } from '../../src/agent/watch-flows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { collectLog } from './collect-log.ts'

/** A watch whose nft notes what it was asked for, and has counted nothing. */
function watching(isolatesAny: () => boolean) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const folder = temporaryFolder({ asked: '' })
  const nft = `printf '%s\\n' "$*" >> ${join(folder, 'asked')}; echo '{"nftables":[]}'`
  const read = { command: ['sh', '-c', nft, 'nft'], timeoutMilliseconds: 20_000 }
  const { log } = collectLog()
  const watch = watchFlows({
    node: 'node-1',
    version: '0',
    log,
    now: () => performance.now(),
    read,
    owners: { take: () => undefined, ownerOf: () => undefined, ownerAt: () => undefined },
    isolatesAny,
    observes: false,
    apply: () => Promise.resolve({ ok: true, durationMilliseconds: 0 }),
  })
  onTestFinished(() => watch.stop())
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8').split('\n').slice(0, -1)
  return { watch, asked }
}

const REFUSE = '-j -t list chain inet selvedge refuse'
const PATIENCE = { timeout: 20_000 }

test('while the counter stands still, a look is one run of nft, every 30 s', async () => {
  const { watch, asked } = watching(() => true)
  vi.advanceTimersByTime(29_999)
  vi.advanceTimersByTime(1)
  // The first one lists the sets: what stands may be from before.
  await expect.poll(() => asked().length, PATIENCE).toBe(13)
  expect(asked().filter((words) => !words.includes('list set'))).toEqual([REFUSE])
  // Its end is known by an answer behind it, which lists nothing either.
  await watch.askDenied()
  for (const looks of [1, 2]) {
    vi.advanceTimersByTime(30_000)
    await expect.poll(() => asked().length, PATIENCE).toBe(14 + looks)
    expect(asked().slice(13)).toEqual(Array.from({ length: 1 + looks }, () => REFUSE))
  }
})

test('while no pod is isolated nothing runs, but for who asks', async () => {
  let isolates = false
  const { watch, asked } = watching(() => isolates)
  vi.advanceTimersByTime(600_000)
  expect((await watch.askDenied())?.flows).toEqual([])
  // Whatever the timer had begun before would have run by now: asking lists twelve sets, one after the other.
  expect(asked().filter((words) => !words.includes('list set'))).toEqual([REFUSE])
  isolates = true
  vi.advanceTimersByTime(30_000)
  await expect.poll(() => asked().filter((words) => words === REFUSE).length, PATIENCE).toBe(2)
})

test('who asks at the same time is answered one after the other: the sets are listed once, and again behind a table that was built anew', async () => {
  const { watch, asked } = watching(() => true)
  await Promise.all([watch.askDenied(), watch.askDenied()])
  expect(asked()).toHaveLength(14)
  expect(asked().filter((words) => words === REFUSE)).toEqual([REFUSE, REFUSE])
  expect([asked()[0], asked()[13]]).toEqual([REFUSE, REFUSE])
  await watch.keep()
  const before = asked().length
  await watch.askDenied()
  expect(asked().slice(before)).toHaveLength(13)
})
