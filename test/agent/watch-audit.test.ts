import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WOULD_COUNTERS } from '../../compiler/nftables/would-chains.ts'
import { createAuditSince } from '../../src/agent/audit-since.ts'
import { createAuditWindow } from '../../src/agent/audit-window.ts'
import { watchAudit } from '../../src/agent/watch-audit.ts'
import { withMode } from '../arbitraries/audited.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createHandBeat } from './hand-beat.ts'

const HOUR = 3_600_000

/** Pods `db` and `web`, a policy that is audited and grants the first nothing, and an nft that has counted what it is told. */
function watching() {
  const { every, pass } = createHandBeat()
  const [db, web] = [pod('shop/db', '10.1.0.1', { labels: { app: 'db' } }), pod('shop/web', '10.1.0.2')]
  const closed = policy('shop/db', { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] })
  const engine = engineOf(clusterOf(db, web, withMode(closed, 'audit')))
  const folder = temporaryFolder()
  const nft = `for last; do :; done
    while [ -e '${folder}/hangs' ]; do sleep 0.1; done
    case "$last" in ${Object.values(WOULD_COUNTERS).join('|')}|would-in4) cat '${folder}'/"$last" ;; *) echo '{"nftables":[]}' ;; esac`
  const list = (name: string, ...objects: readonly object[]): void =>
    writeFileSync(join(folder, name), JSON.stringify({ nftables: objects }))
  /** So many packets of web at db, in a table that began with none, or where `noted` were counted; `lost` more found no room. */
  const counted = (packets: number, lost: number, noted = packets): void => {
    const { noted: withRoom, lost: withoutRoom, stray } = WOULD_COUNTERS
    for (const [chain, count] of [
      [withRoom, noted],
      [withoutRoom, lost],
      [stray, 0],
    ] as const)
      list(chain, { rule: { chain, expr: [{ counter: { packets: count, bytes: 0 } }] } })
    const val = { concat: ['10.1.0.2', '10.1.0.1', 6, 5432] }
    list('would-in4', { set: { timeout: 3600, elem: [{ elem: { val, expires: 3600, counter: { packets } } }] } })
  }
  let milliseconds = 0
  let [isAudited, isKnown] = [true, true]
  const now = () => milliseconds
  const window = createAuditWindow(now)
  const watch = watchAudit({
    every,
    node: 'node-1',
    version: '0',
    established: 'rejudge',
    now,
    read: { command: ['sh', '-c', nft, 'nft'], timeoutMilliseconds: 300_000 },
    owners: {
      take: () => undefined,
      ownerOf: engine.ownerOf,
      ownerAt: (address) => (isKnown ? engine.ownerOf(address) : undefined),
    },
    engine,
    audited: () => (isAudited ? engine.local.audited() : []),
    isolatesAny: () => false,
    window,
    since: createAuditSince(now),
    denied: () => Promise.resolve([]),
    rules: () => Promise.resolve([]),
  })
  onTestFinished(() => watch.stop())
  counted(0, 0)
  return {
    pass,
    counted,
    /** The counters cannot be read. */
    fails: () => rmSync(join(folder, WOULD_COUNTERS.noted)),
    /** Whoever reads them waits for ever, which is until the test is over. */
    hangs: () => writeFileSync(join(folder, 'hangs'), ''),
    /** The pods of before are of nobody. */
    forgets: () => void (isKnown = false),
    audits: (audits: boolean) => void (isAudited = audits),
    wait: (time: number) => void (milliseconds += time),
    /** Live flows are judged again: from now on nothing is missing. */
    judgeAgain: () => window.begin(),
    ask: watch.ask,
    keep: watch.keep,
    setsAreNew: watch.setsAreNew,
    /** Why there is no window, or undefined. */
    async missing() {
      const answer = await watch.ask()
      if (answer === undefined) throw new Error('the kernel could not be read')
      return answer.window.since === null ? answer.window.because : undefined
    },
  }
}

test('what found no room ends the window once, also what did in a table that was built anew', async () => {
  const { counted, judgeAgain, missing } = watching()
  judgeAgain()
  expect(await missing()).toBeUndefined()
  counted(9, 5)
  expect(await missing()).toBe('5 packets found no room in the kernel')
  judgeAgain()
  expect(await missing()).toBeUndefined()
  // Behind a rebuild the kernel counts from nothing: fewer than before, and all of them new.
  counted(1, 3)
  expect(await missing()).toBe('3 packets found no room in the kernel')
  judgeAgain()
  counted(2, 3)
  expect(await missing()).toBeUndefined()
})

test('what the kernel has counted anew is added to what was there', async () => {
  const { counted, ask } = watching()
  const packets = async () => (await ask())?.denies.map((row) => row.packets)
  expect(await packets()).toEqual([])
  counted(9, 0)
  expect(await packets()).toEqual([9])
  counted(2, 0)
  expect(await packets()).toEqual([11])
  expect(await packets()).toEqual([11])
})

test('a flow that the kernel has forgotten, and notes again as often as before, is new', async () => {
  const { counted, ask, wait } = watching()
  const told = async () => (await ask())?.denies.map(({ packets, lastAge }) => [packets, lastAge])
  counted(1, 0)
  expect(await told()).toEqual([[1, 0]])
  // It goes an hour after its last packet, and since nothing came meanwhile, nobody looked.
  wait(HOUR + 1)
  expect(await told()).toEqual([[1, 3600]])
  counted(1, 0, 2)
  expect(await told()).toEqual([[2, 0]])
  wait(HOUR + 1)
  counted(5, 0, 7)
  expect(await told()).toEqual([[7, 0]])
  // One that lives counts on.
  wait(HOUR - 60_000)
  counted(6, 0, 8)
  expect(await told()).toEqual([[8, 0]])
})

test('packets of a pod that nobody knows any more end the window that they came in, and no later one', async () => {
  const { counted, forgets, judgeAgain, missing, wait, ask } = watching()
  forgets()
  counted(14, 0)
  expect(await missing()).toBe('the agent began')
  wait(60_000)
  judgeAgain()
  expect(await missing()).toBeUndefined()
  wait(60_000)
  counted(17, 0)
  expect(await missing()).toBe('3 packets of addresses that are of no pod any more could not be judged')
  wait(60_000)
  judgeAgain()
  expect(await missing()).toBeUndefined()
  expect((await ask())?.denies).toEqual([])
})

test('equal counts of a new table are new flows and new losses, where it is known to be new', async () => {
  const { counted, ask, judgeAgain, missing, setsAreNew } = watching()
  const packets = async () => (await ask())?.denies.map((row) => row.packets)
  counted(3, 2)
  expect(await packets()).toEqual([3])
  judgeAgain()
  expect(await missing()).toBeUndefined()
  setsAreNew()
  expect(await packets()).toEqual([6])
  expect(await missing()).toBe('2 packets found no room in the kernel')
})

test('what is noted before the table is built anew is read, where there is time for that', async () => {
  const { counted, keep, hangs, setsAreNew, ask } = watching()
  const packets = async () => (await ask())?.denies.map((row) => row.packets)
  counted(3, 0)
  await keep()
  setsAreNew()
  counted(0, 0)
  expect(await packets()).toEqual([3])
  hangs()
  await keep()
})

test('a silence longer than half of what the kernel remembers ends the window', async () => {
  const { fails, counted, ask, judgeAgain, missing, wait } = watching()
  judgeAgain()
  expect(await missing()).toBeUndefined()
  fails()
  wait(HOUR / 2)
  expect(await ask()).toBeUndefined()
  counted(0, 0)
  expect(await missing()).toBeUndefined()
  fails()
  wait(HOUR / 2 + 1)
  expect(await ask()).toBeUndefined()
  counted(0, 0)
  expect(await missing()).toBe('the kernel could not be read')
})

test('while nothing is audited nothing is read, and that is no silence; what was counted is forgotten', async () => {
  const { pass, audits, ask, counted, judgeAgain, missing, wait } = watching()
  counted(7, 0)
  judgeAgain()
  expect(await missing()).toBeUndefined()
  audits(false)
  pass(30_000)
  wait(2 * HOUR)
  audits(true)
  expect(await missing()).toBeUndefined()
  expect((await ask())?.denies).toMatchObject([{ packets: 7, firstAge: 0 }])
})
