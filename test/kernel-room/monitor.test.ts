import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Commit } from '../../src/kernel/monitor-line.ts'
import { watchForeignCommits } from '../../src/kernel/monitor.ts'
import { createNft, type Nft } from '../../src/kernel/run-nft.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ROOM, type TestNamespace, useNamespace } from './namespace.ts'
import { waitUntil } from './wait-until.ts'

const BACK_OFF = { firstMilliseconds: 20, longestMilliseconds: 160 }

/** A monitor that runs until the test is over, and what it told so far. */
function watch(command: readonly string[], nft: Nft) {
  const controller = new AbortController()
  const told: {
    foreign: Commit[]
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

/** Another one's nft in a pid namespace of its own, as in a pod; resolves when it is at work, and ends with the test. */
async function writeAllTheTime(namespace: TestNamespace): Promise<void> {
  const script = `nft add table ip kube-proxy
    nft add set ip kube-proxy services '{ type ipv4_addr; }'
    echo at work
    while nft add element ip kube-proxy services '{ 10.0.0.1 }' && nft flush set ip kube-proxy services; do :; done`
  const [file = '', ...rest] = namespace.enter('unshare', '--pid', '--fork', '--kill-child', 'sh', '-ec', script)
  const writer = spawn(file, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(writer, 'exit')
  onTestFinished(async () => {
    writer.kill('SIGKILL')
    await ended
  })
  await once(writer.stdout, 'data')
}

describeLab('nft monitor', () => {
  const namespace = useNamespace()
  const command = namespace.enter('nft')
  // A commit that changes nothing is none: what a test adds must not stand already.
  beforeEach(() => namespace.nft('flush ruleset'))

  test('our own commits are not foreign, those of others are where they touch our table, with their names', async () => {
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
    await waitUntil(() => told.foreign.length >= 3, 'three foreign commits')
    expect(told.foreign.map(({ name }) => name)).toEqual(['nft', 'nft', 'nft'])
    expect(new Set(told.foreign.map(({ pid }) => pid)).size).toBe(3)
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
    await namespace.nft('add table inet selvedge')
    await waitUntil(() => told.foreign.length === 1, 'the foreign commit')
  })

  test('stopped, nothing is reported any more and nothing runs', async () => {
    const nft = createNft({ command, timeoutMilliseconds: 20_000 })
    const { told, stop } = watch(command, nft)
    await waitUntil(() => told.listening === 1, 'listening')
    await stop()
    await namespace.nft('add table inet selvedge')
    expect([told.foreign, told.ended]).toEqual([[], []])
    expect(await namespace.sh('ip netns pids $(ip netns identify $$) | wc -l')).toBe('3\n')
  })

  test('the agent is killed: nobody commits, and still the monitor ends with it', async () => {
    const program = `
      const { createOwnCommits } = await import(${JSON.stringify(`${ROOM}own-commits.ts`)})
      const { watchForeignCommits } = await import(${JSON.stringify(`${ROOM}monitor.ts`)})
      void watchForeignCommits({ signal: new AbortController().signal, ownCommits: createOwnCommits({ name: 'nft' }),
        onListening: () => console.log('listening'), onForeign: () => {}, onEnded: () => {} })`
    const [file = '', ...rest] = namespace.enter(process.execPath, '--input-type=module', '--eval', program)
    const agent = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(agent, 'exit')
    await once(agent.stdout, 'data')
    const inside = async () => (await mustRun(['ip', 'netns', 'pids', namespace.name])).trim().split('\n')
    const monitors = await inside()
    expect(monitors).toHaveLength(2)
    agent.kill('SIGKILL')
    await ended
    onTestFinished(async () => {
      for (const pid of await inside()) if (pid !== '') process.kill(Number(pid), 'SIGKILL')
    })
    await waitUntil(async () => (await inside()).join() === '', 'nothing of it runs')
  })

  test('inside a pid namespace, beside one who writes a table of its own all the time, as kube-proxy does', async () => {
    const program = `
      const { createNft } = await import(${JSON.stringify(`${ROOM}run-nft.ts`)})
      const { watchForeignCommits } = await import(${JSON.stringify(`${ROOM}monitor.ts`)})
      const { setTimeout: sleep } = await import('node:timers/promises')
      const { execFileSync } = await import('node:child_process')
      // Should it wait in vain, nothing of it stays.
      setTimeout(() => process.exit(1), 30000).unref()
      const controller = new AbortController()
      const foreign = []
      let step = 'beside the other one'
      let listening, seen = () => {}
      const ready = new Promise((resolve) => { listening = resolve })
      const nft = createNft({ timeoutMilliseconds: 20000 })
      const done = watchForeignCommits({ signal: controller.signal, ownCommits: nft.ownCommits, onListening: listening,
        onForeign: (commit) => { foreign.push([step, commit.name, commit.pid > 1000]); seen() },
        onEnded: () => {} })
      await ready
      await nft.apply('table inet selvedge { set peers { type ipv4_addr; }\\n}\\n')
      for (let round = 0; round < 40; round += 1) await nft.apply('add element inet selvedge peers { 10.1.0.' + round + ' }\\n')
      // It fails, and so accounts for nobody's commit.
      await nft.apply('delete chain inet selvedge nobody\\n')
      await nft.apply('add chain inet selvedge c\\n')
      await sleep(500)
      step = 'a change of ours by another'
      const changed = new Promise((resolve) => { seen = resolve })
      execFileSync('nft', ['add', 'element', 'inet', 'selvedge', 'peers', '{ 10.9.9.9 }'])
      await changed
      step = 'all is flushed'
      const flushed = new Promise((resolve) => { seen = resolve })
      execFileSync('nft', ['flush', 'ruleset'])
      await flushed
      controller.abort()
      await done
      console.log(JSON.stringify(foreign))`
    await writeAllTheTime(namespace)
    const node = [process.execPath, '--input-type=module', '--eval', program]
    const inside = namespace.enter('unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...node)
    expect(JSON.parse(await mustRun(inside))).toEqual([
      ['a change of ours by another', 'nft', true],
      ['all is flushed', 'nft', true],
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
    expect(told.ended[0]?.message).toMatch(/ENOENT|No such file or directory/)
    const dying = watch([`${temporaryFolder({ nft: '#!/bin/sh\necho no such luck >&2; exit 1\n' })}/nft`], nft)
    await waitUntil(() => dying.told.ended.length >= 1, 'its end')
    expect(dying.told.ended[0]?.message).toBe('no such luck')
  })

  test('does not say what a commit touched: then it may have been our table', async () => {
    // nft 1.0.6 says nothing of elements of interval sets with several fields.
    const script = `#!/bin/sh
echo "# new generation 9 by process 1 (x)"
echo "add element ip kube-proxy services { 10.0.0.1 }"
echo "# new generation 10 by process 2 (y)"
echo "# new generation 11 by process 3 (z)"
exec sleep 100
`
    const { told } = watch([`${temporaryFolder({ nft: script })}/nft`], nft)
    await waitUntil(() => told.foreign.length >= 2, 'two foreign commits')
    expect(told.foreign.map(({ name }) => name)).toEqual(['x', 'z'])
  })

  test('loses commits: it is ended and begun anew, so that what was lost is verified', async () => {
    const script =
      '#!/bin/sh\necho "# ERROR: We lost some netlink events!"\necho "# new generation 9 by process 1 (x)"\nexec sleep 100\n'
    const { told } = watch([`${temporaryFolder({ nft: script })}/nft`], nft)
    await waitUntil(() => told.ended.length >= 1, 'its end')
    expect([told.ended[0]?.message, told.foreign]).toEqual(['ERROR: We lost some netlink events!', []])
  })
})
