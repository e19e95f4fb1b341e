import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchFlows } from '../../src/agent/watch-flows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { collectLog } from './collect-log.ts'
import { createHandBeat } from './hand-beat.ts'

/** A watch whose nft notes what it was asked for, and has counted nothing but what it is told. */
function watching(isolatesAny: () => boolean) {
  const { every, pass } = createHandBeat()
  const folder = temporaryFolder({ asked: '' })
  const nft = `printf '%s\\n' "$*" >> '${folder}/asked'
    for last; do :; done
    cat '${folder}'/"$last" 2>/dev/null || echo '{"nftables":[]}'`
  const read = { command: ['sh', '-c', nft, 'nft'], timeoutMilliseconds: 20_000 }
  const { log, lines } = collectLog()
  let waited = 0
  const list = (name: string, ...objects: readonly object[]): void =>
    writeFileSync(join(folder, name), JSON.stringify({ nftables: objects }))
  /** From now on the kernel has so many flows of one packet, each to a port of its own. */
  const denied = (flows: number): void => {
    const elem = Array.from({ length: flows }, (_, index) => {
      const val = { concat: [`10.244.9.${index % 200}`, '10.244.1.10', 6, index + 1] }
      return { elem: { val, expires: 3600, counter: { packets: 1 } } }
    })
    list('denied4', { set: { timeout: 3600, elem } })
    list('refuse', { rule: { chain: 'refuse', expr: [{ counter: { packets: flows, bytes: 0 } }] } })
  }
  const watch = watchFlows({
    every,
    node: 'node-1',
    version: '0',
    log,
    now: () => performance.now() + waited,
    read,
    owners: { take: () => undefined, ownerOf: () => undefined, ownerAt: () => undefined },
    isolatesAny,
    observes: false,
    apply: () => Promise.resolve({ ok: true, durationMilliseconds: 0 }),
  })
  onTestFinished(() => watch.stop())
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8').split('\n').slice(0, -1)
  return { watch, pass, asked, lines, denied, wait: (time: number) => (waited += time) }
}

const REFUSE = '-j -t list chain inet selvedge refuse'
const PATIENCE = { timeout: 20_000 }

test('while the counter stands still, a look is one run of nft, every 30 s', async () => {
  const { watch, pass, asked } = watching(() => true)
  pass(29_999)
  pass(1)
  // The first one lists the sets: what stands may be from before.
  await expect.poll(() => asked().length, PATIENCE).toBe(13)
  expect(asked().filter((words) => !words.includes('list set'))).toEqual([REFUSE])
  // Its end is known by an answer behind it, which lists nothing either.
  await watch.askDenied()
  for (const looks of [1, 2]) {
    pass(30_000)
    await expect.poll(() => asked().length, PATIENCE).toBe(14 + looks)
    expect(asked().slice(13)).toEqual(Array.from({ length: 1 + looks }, () => REFUSE))
  }
})

test('while no pod is isolated nothing runs, but for who asks', async () => {
  let isolates = false
  const { watch, pass, asked } = watching(() => isolates)
  pass(600_000)
  expect((await watch.askDenied())?.flows).toEqual([])
  // Whatever the timer had begun before would have run by now: asking lists twelve sets, one after the other.
  expect(asked().filter((words) => !words.includes('list set'))).toEqual([REFUSE])
  isolates = true
  pass(30_000)
  await expect.poll(() => asked().filter((words) => words === REFUSE).length, PATIENCE).toBe(2)
})

test('who asks at the same time is answered one after the other: the sets are listed once, and again behind a table that was built anew', async () => {
  const { watch, asked } = watching(() => true)
  await Promise.all([watch.askDenied(), watch.askDenied()])
  expect(asked()).toHaveLength(14)
  expect(asked().filter((words) => words === REFUSE)).toEqual([REFUSE, REFUSE])
  expect([asked()[0], asked()[13]]).toEqual([REFUSE, REFUSE])
  await watch.keep()
  watch.tableIsNew()
  const before = asked().length
  await watch.askDenied()
  expect(asked().slice(before)).toHaveLength(13)
})

test('of new flows twenty are a line in the log, and a minute later the rest is one, also when nothing more comes', async () => {
  const { watch, pass, denied, wait, lines } = watching(() => true)
  denied(100)
  await watch.askDenied()
  const ofDenied = () => lines.filter(({ message }) => message.startsWith('denied'))
  expect(ofDenied()).toHaveLength(20)
  wait(60_001)
  pass(30_000)
  await expect.poll(ofDenied, PATIENCE).toHaveLength(21)
  expect(ofDenied().at(-1)).toMatchObject({ message: 'denied: further flows', facts: { flows: 80 } })
})

test('flows of a table that is replaced are read before, and no attempt counts them again', async () => {
  const { watch, denied } = watching(() => true)
  denied(3)
  await watch.keep()
  await watch.keep()
  const counts = async () => (await watch.askDenied())?.flows.map(({ packets }) => packets)
  expect(await counts()).toEqual([1, 1, 1])
  watch.tableIsNew()
  denied(2)
  expect(await counts()).toEqual([2, 2, 1])
})

test('what a lost table held is not all known, so that nothing is told of the time before', async () => {
  const { watch, denied } = watching(() => true)
  denied(3)
  const since = async () => (await watch.askDenied())?.since
  const began = await since()
  await watch.keep()
  watch.tableIsNew()
  expect(await since()).toBe(began)
  await new Promise((resolve) => void setTimeout(resolve, 5))
  watch.tableIsNew()
  expect(await since()).not.toBe(began)
})
