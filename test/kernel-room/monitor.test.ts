import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type ForeignCommit, watchForeignCommits } from '../../src/kernel/monitor.ts'
import { createNft, type Nft } from '../../src/kernel/run-nft.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ROOM, useNamespace } from './namespace.ts'
import { waitUntil } from './wait-until.ts'

const BACK_OFF = { firstMilliseconds: 20, longestMilliseconds: 160 }

/** A monitor that runs until the test is over, and what it told so far. */
function watch(command: readonly string[], nft: Nft) {
  const controller = new AbortController()
  const told: {
    foreign: ForeignCommit[]
    listening: number
    ended: { message: string; retryInMilliseconds: number }[]
  } = {
    foreign: [],
    listening: 0,
    ended: [],
  }
  const done = watchForeignCommits({
    command,
    signal: controller.signal,
    ownCommits: nft.ownCommits,
    onForeign: (commit) => told.foreign.push(commit),
    onListening: () => {
      told.listening += 1
    },
    onEnded: (why) => told.ended.push(why),
    backOff: BACK_OFF,
  })
  const stop = async () => {
    controller.abort()
    await done
  }
  onTestFinished(stop)
  return { told, stop }
}

describeLab('nft monitor', () => {
  const namespace = useNamespace()
  const command = namespace.enter('nft')
  // A commit that changes nothing is none: what a test adds must not stand already.
  beforeEach(() => namespace.nft('flush ruleset'))

  test('our own commits are not foreign, others are, in order and with their names', async () => {
    const nft = createNft({ command, timeoutMilliseconds: 20_000 })
    const { told } = watch(command, nft)
    await waitUntil(() => told.listening === 1, 'listening')
    await nft.apply('table inet selvedge { set peers { type ipv4_addr; }; chain c { drop; }; }\n')
    for (let round = 0; round < 10; round += 1) {
      await nft.apply(`add element inet selvedge peers { 10.244.1.${round} }\n`)
      await nft.apply('delete chain inet selvedge nobody\n')
      await nft.list()
    }
    await namespace.nft('table ip other { chain c { } ; }')
    await nft.apply('add chain inet selvedge c-1\n')
    await namespace.nft('delete element inet selvedge peers { 10.244.1.3 }')
    await namespace.nft('table inet selvedge-2 { }')
    await namespace.nft('flush chain inet selvedge c')
    await namespace.nft('flush ruleset')
    await waitUntil(() => told.foreign.length >= 5, 'five foreign commits')
    expect(told.foreign.map(({ name, touchesOurTable }) => `${name} ${touchesOurTable}`)).toEqual([
      'nft false',
      'nft true',
      'nft false',
      'nft true',
      'nft true',
    ])
    expect(new Set(told.foreign.map(({ pid }) => pid)).size).toBe(5)
  })

  test('ours and foreign ones at the same time are told apart by pid', async () => {
    const nft = createNft({ command, timeoutMilliseconds: 20_000 })
    const { told } = watch(command, nft)
    await waitUntil(() => told.listening === 1, 'listening')
    await nft.apply('table inet selvedge { set peers { type ipv4_addr; }; }\n')
    const rounds = Array.from({ length: 12 }, (_, round) => round)
    await Promise.all([
      ...rounds.map((round) => nft.apply(`add element inet selvedge peers { 10.1.0.${round} }\n`)),
      ...rounds.map((round) => namespace.nft(`add element inet selvedge peers { 10.2.0.${round} }`)),
    ])
    await waitUntil(() => told.foreign.length >= rounds.length, 'all foreign commits')
    await namespace.nft('delete table inet selvedge')
    await waitUntil(() => told.foreign.length > rounds.length, 'the last one')
    expect(told.foreign.length).toBe(rounds.length + 1)
  })

  test('killed, it comes back, says so, and sees on', async () => {
    const nft = createNft({ command, timeoutMilliseconds: 20_000 })
    const { told } = watch(command, nft)
    await waitUntil(() => told.listening === 1, 'listening')
    await namespace.sh(
      'for pid in $(ip netns pids $(ip netns identify $$)); do if grep -qx nft /proc/$pid/comm 2> /dev/null; then kill -9 $pid; fi; done',
    )
    await waitUntil(() => told.listening === 2, 'listening again')
    expect(told.ended).toEqual([{ message: 'ended by SIGKILL', retryInMilliseconds: 20 }])
    await namespace.nft('add table inet other')
    await waitUntil(() => told.foreign.length === 1, 'the foreign commit')
  })

  test('stopped, nothing is reported any more and nothing runs', async () => {
    const nft = createNft({ command, timeoutMilliseconds: 20_000 })
    const { told, stop } = watch(command, nft)
    await waitUntil(() => told.listening === 1, 'listening')
    await stop()
    await namespace.nft('add table inet other-2')
    expect([told.foreign, told.ended]).toEqual([[], []])
    expect(await namespace.sh('ip netns pids $(ip netns identify $$) | wc -l')).toBe('3\n')
  })

  test('inside a pid namespace, where the pids of commits are strange, they are told apart by number', async () => {
    const program = `
      const { createNft } = await import(${JSON.stringify(`${ROOM}run-nft.ts`)})
      const { watchForeignCommits } = await import(${JSON.stringify(`${ROOM}monitor.ts`)})
      const { execFileSync } = await import('node:child_process')
      // Should it wait in vain, nothing of it stays.
      setTimeout(() => process.exit(1), 20000).unref()
      const controller = new AbortController()
      const foreign = []
      let listening, seen
      const ready = new Promise((resolve) => { listening = resolve })
      const last = new Promise((resolve) => { seen = resolve })
      const nft = createNft({ timeoutMilliseconds: 20000 })
      const done = watchForeignCommits({ signal: controller.signal, ownCommits: nft.ownCommits, onListening: listening,
        onForeign: (commit) => { foreign.push([commit.name, commit.pid > 1000]); if (foreign.length === 2) seen() },
        onEnded: () => {} })
      await ready
      await nft.apply('table inet selvedge { set peers { type ipv4_addr; }\\n}\\n')
      for (let round = 0; round < 5; round += 1) await nft.apply('add element inet selvedge peers { 10.1.0.' + round + ' }\\n')
      // It fails, and so accounts for nobody's commit.
      await nft.apply('delete chain inet selvedge nobody\\n')
      execFileSync('nft', ['add', 'table', 'inet', 'other'])
      await nft.apply('add chain inet selvedge c\\n')
      execFileSync('nft', ['flush', 'ruleset'])
      await last
      controller.abort()
      await done
      console.log(JSON.stringify(foreign))`
    const node = [process.execPath, '--input-type=module', '--eval', program]
    const inside = namespace.enter('unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...node)
    expect(JSON.parse(await mustRun(inside))).toEqual([
      ['nft', true],
      ['nft', true],
    ])
  })
})

describeLab('a monitor that misbehaves', () => {
  const nft = createNft({ timeoutMilliseconds: 1_000 })

  test('is missing, or dies at once: the waits double up to the longest', async () => {
    const { told } = watch([`${temporaryFolder()}/nft`], nft)
    await waitUntil(() => told.ended.length >= 6, 'six attempts')
    expect(told.ended.map(({ retryInMilliseconds }) => retryInMilliseconds).slice(0, 6)).toEqual([
      20, 40, 80, 160, 160, 160,
    ])
    expect(told.ended[0]?.message).toContain('ENOENT')
    const dying = watch([`${temporaryFolder({ nft: '#!/bin/sh\necho no such luck >&2; exit 1\n' })}/nft`], nft)
    await waitUntil(() => dying.told.ended.length >= 1, 'its end')
    expect(dying.told.ended[0]?.message).toBe('no such luck')
  })

  test('loses commits: it is ended and begun anew, so that what was lost is verified', async () => {
    const script =
      '#!/bin/sh\necho "# ERROR: We lost some netlink events!"\necho "# new generation 9 by process 1 (x)"\nexec sleep 100\n'
    const { told } = watch([`${temporaryFolder({ nft: script })}/nft`], nft)
    await waitUntil(() => told.ended.length >= 1, 'its end')
    expect([told.ended[0]?.message, told.foreign]).toEqual(['ERROR: We lost some netlink events!', []])
  })
})
