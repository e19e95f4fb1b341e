import { existsSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { watchForeignCommits } from '../../src/kernel/monitor.ts'
import type { NftRun } from '../../src/kernel/nft-result.ts'
import { createNft, type NftOptions } from '../../src/kernel/run-nft.ts'
import { createStandingNft, type StandingNftOptions } from '../../src/kernel/standing-nft.ts'
import { debianNfts } from '../kernel/debian-nfts.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type TestNamespace, useNamespace } from './namespace.ts'
import { REFUSALS, TABLE } from './refusals.ts'
import { waitUntil } from './wait-until.ts'

type Settings = Partial<StandingNftOptions> & Pick<NftOptions, 'signal'>

/** An nft with a standing one beside it that is ready, by which way each transaction went, and whose pids ran them. */
async function create(command: readonly string[], more: Settings = {}) {
  const settings = { command, timeoutMilliseconds: 20_000, file: `${temporaryFolder()}/transaction`, ...more }
  const standing = createStandingNft(settings)
  onTestFinished(() => standing.close())
  const ways: string[] = []
  const observe = ({ way }: NftRun) => void ways.push(way)
  const nft = createNft({ ...settings, observe, standing })
  const ready = () => waitUntil(() => standing.isReady, 'a standing nft')
  return { nft, standing, ways, ready, file: settings.file }
}

async function createReady(command: readonly string[], more: Settings = {}) {
  const created = await create(command, more)
  await created.ready()
  return created
}

const listed = async (namespace: TestNamespace) => namespace.sh('nft list table inet selvedge')

/** All that answer a question otherwise: the machine's own, those of Debian's releases, and with them that of the image. */
const nfts = await debianNfts()

for (const { version, command: program } of nfts)
  describeLab(`a standing nft ${version}`, () => {
    const namespace = useNamespace()
    const command = namespace.enter(...program)
    beforeEach(() => namespace.nft(`flush ruleset\n${TABLE}`))

    test.each(REFUSALS)('refuses as %s on line %i: %s, and goes on', async (kind, line, text, words) => {
      const { nft, ways } = await createReady(command)
      const before = await listed(namespace)
      const result = await nft.apply(`${text}\n`)
      expect(result).toMatchObject({ kind, line, message: expect.stringContaining(words) })
      expect(text.split('\n')[line - 1]).toBe('lineText' in result ? result.lineText : undefined)
      expect(await listed(namespace)).toBe(before)
      expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
      expect(ways).toEqual(['standing', 'standing'])
    })

    test('what it applies is what a process of its own would have applied, also in between each other and others', async () => {
      const { nft, ways } = await createReady(command)
      const other = createNft({ command, timeoutMilliseconds: 20_000 })
      for (let round = 0; round < 30; round += 1) {
        const add = await nft.apply(
          `add element inet selvedge peers { 10.9.0.${round} }\nadd chain inet selvedge c-${round}\n`,
        )
        const rule = await other.apply(`add rule inet selvedge c-${round} ip saddr @peers drop\n`)
        const map = await nft.apply(
          `table inet selvedge {\n  map m-${round} {\n    typeof ip saddr : verdict\n    elements = { 10.0.0.1 : goto c-${round} }\n  }\n}\n`,
        )
        expect([add.kind, rule.kind, map.kind]).toEqual(['ok', 'ok', 'ok'])
      }
      const gone = Array.from({ length: 30 }, (_, round) => round)
      await namespace.nft('delete element inet selvedge peers { 10.9.0.7 }')
      expect(await nft.apply('delete element inet selvedge peers { 10.9.0.7 }\n')).toMatchObject({ kind: 'not-found' })
      expect(
        await nft.apply(
          gone
            .map(
              (n) =>
                `delete map inet selvedge m-${n}\nflush chain inet selvedge c-${n}\ndelete chain inet selvedge c-${n}\n`,
            )
            .join(''),
        ),
      ).toMatchObject({ kind: 'ok' })
      const peers = gone.filter((n) => n !== 7).map((n) => `delete element inet selvedge peers { 10.9.0.${n} }\n`)
      expect(await nft.apply(peers.join(''))).toMatchObject({ kind: 'ok' })
      const left = await listed(namespace)
      await namespace.nft(`flush ruleset\n${TABLE}`)
      expect(left).toBe(await listed(namespace))
      expect(new Set(ways)).toEqual(new Set(['standing']))
    })

    test('a table that somebody flushed meanwhile is missed, not made up', async () => {
      const { nft } = await createReady(command)
      expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
      await namespace.nft('flush ruleset')
      expect(await nft.apply('add rule inet selvedge c-1 drop\n')).toMatchObject({ kind: 'not-found' })
      expect(await nft.apply(TABLE)).toMatchObject({ kind: 'ok' })
    })

    test('a text that is too long goes by a process of its own; a file whose name is taken away is still the one', async () => {
      const { nft, ways, file } = await createReady(command, { limits: { longestText: 100 } })
      await nft.apply(`# ${'x'.repeat(100)}\nadd chain inet selvedge c-1\n`)
      await nft.apply('add chain inet selvedge c-2\n')
      renameSync(file, `${file}.old`)
      writeFileSync(file, 'add chain inet selvedge wrong\n')
      await nft.apply('add chain inet selvedge c-3\n')
      expect(ways).toEqual(['process', 'standing', 'standing'])
      expect((await listed(namespace)).match(/chain [cw]\S+/g)).toEqual(['chain c-1', 'chain c-2', 'chain c-3'])
    })

    test.each([
      ['without a folder', '/nobody-has-this/transaction'],
      ['on a full disk', '/dev/full'],
    ])('%s everything goes by processes', async (_, file) => {
      const { nft, ways } = await create(command, { file })
      await nft.apply('add chain inet selvedge c-1\n')
      await sleep(300)
      await nft.apply('add chain inet selvedge c-2\n')
      expect(ways).toEqual(['process', 'process'])
      expect((await listed(namespace)).match(/chain [cw]\S+/g)).toEqual(['chain c-1', 'chain c-2'])
    })

    test('the transaction is nobody else’s to read, and no history is written', async () => {
      const home = temporaryFolder()
      const before = process.env['HOME']
      process.env['HOME'] = home
      onTestFinished(() => void (process.env['HOME'] = before))
      const { nft, file, standing } = await createReady(command)
      let pid = 0
      await standing.run('add chain inet selvedge c-1\n', (started) => (pid = started))
      expect(await nft.apply('add chain inet selvedge c-2\n')).toMatchObject({ kind: 'ok' })
      expect(statSync(file).mode & 0o777).toBe(0o600)
      standing.close()
      await waitUntil(() => !existsSync(`/proc/${pid}`), 'its end')
      // By hand nft writes one there.
      expect(readdirSync(home)).toEqual([])
      await namespace.sh(`echo 'list tables' | HOME=${home} ${program.join(' ')} -i > ${home}/out`)
      expect(readdirSync(home)).toContain('.nft.history')
    })

    test('without the right to change the network it says so, and with NET_ADMIN alone it works', async () => {
      const without = await create(namespace.enter('setpriv', '--bounding-set', '-net_admin', ...program))
      expect(await without.nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'permission' })
      expect(without.ways).toEqual(['process'])
      const alone = await createReady(
        namespace.enter('setpriv', '--bounding-set', '-all,+net_admin', '--inh-caps', '-all,+net_admin', ...program),
      )
      expect(await alone.nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
      expect(alone.ways).toEqual(['standing'])
    })

    test('on a read-only root it works as well', async () => {
      const script = 'mount -o remount,ro,bind / / && exec "$@"'
      const { nft, ways } = await createReady(
        namespace.enter('unshare', '--mount', 'sh', '-c', script, 'sh', ...program),
      )
      expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
      expect(ways).toEqual(['standing'])
    })

    test('what it complains of at its start is no answer', async () => {
      const complaint = 'Cannot read termcap database;\\nusing dumb terminal settings.\\n'
      const greet = `case "$*" in *-i) printf '${complaint}' >&2 ;; esac; exec "$@"`
      const { nft, ways } = await createReady(namespace.enter('sh', '-c', greet, 'sh', ...program))
      expect(await nft.apply('delete chain inet selvedge nobody\n')).toMatchObject({ kind: 'not-found', line: 1 })
      expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
      expect(ways).toEqual(['standing', 'standing'])
    })

    test('it makes room for another after so many transactions, and loses none', async () => {
      const pids = new Set<number>()
      const { nft, standing, ready } = await createReady(command, { limits: { mostTransactions: 5 } })
      for (let round = 0; round < 23; round += 1) {
        await ready()
        const end = await standing.run(`add element inet selvedge peers { 10.9.0.${round} }\n`, (pid) => pids.add(pid))
        expect(end).toMatchObject({ kind: 'exited', exitCode: 0 })
      }
      expect(pids.size).toBe(5)
      expect((await listed(namespace)).match(/10\.9\.0\.\d+/g)?.length).toBe(23)
      expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'ok' })
    })

    test('until it makes room it hardly grows', async () => {
      const { standing } = await createReady(command)
      const pids = new Set<number>()
      const kilobytes = () => {
        const [pid = 0] = pids
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
      }
      let early = 0
      for (let round = 0; round < 1_999; round += 1) {
        const what = round % 2 === 0 ? 'add' : 'delete'
        const end = await standing.run(`${what} element inet selvedge peers { 10.9.0.1 }\n`, (pid) => pids.add(pid))
        expect(end).toMatchObject({ kind: 'exited', exitCode: 0 })
        if (round === 200) early = kilobytes()
      }
      expect(pids.size).toBe(1)
      expect(kilobytes()).toBeLessThan(early + 1_500)
    })

    test('it makes room when it has grown', async () => {
      const pids = new Set<number>()
      const { standing, ready } = await createReady(command, { limits: { mostKilobytes: 1 } })
      for (let round = 0; round < 130; round += 1) {
        await ready()
        await standing.run(`add element inet selvedge peers { 10.9.0.${round} }\n`, (pid) => pids.add(pid))
      }
      expect(pids.size).toBe(3)
    })

    test('killed with nothing in hand: the next transaction goes by a process, and another takes over', async () => {
      const { nft, standing, ways, ready } = await createReady(command, { limits: { firstWaitMilliseconds: 1 } })
      let pid = 0
      await standing.run('add chain inet selvedge c-1\n', (started) => (pid = started))
      process.kill(pid, 'SIGKILL')
      await waitUntil(() => !standing.isReady, 'its end')
      expect(await nft.apply('add chain inet selvedge c-2\n')).toMatchObject({ kind: 'ok' })
      await waitUntil(
        async () => (await nft.apply('add chain inet selvedge c-3\n')).kind === 'ok' && standing.isReady,
        'another',
      )
      await ready()
      expect(await nft.apply('add chain inet selvedge c-4\n')).toMatchObject({ kind: 'ok' })
      expect([ways[0], ways.at(-1)]).toEqual(['process', 'standing'])
    })
  })

for (const { version, command: program } of nfts)
  describeLab(`the monitor beside a standing nft ${version}`, () => {
    const namespace = useNamespace()
    const command = namespace.enter(...program)
    beforeEach(() => namespace.nft(`flush ruleset\n${TABLE}`))

    test('knows its commits, all by one process, as ours, and others as foreign', async () => {
      const { nft, ways } = await createReady(command)
      const foreign: unknown[] = []
      let listening = false
      const over = new AbortController()
      const monitoring = watchForeignCommits({
        command,
        signal: over.signal,
        ownCommits: nft.ownCommits,
        onForeign: (commit) => foreign.push(commit),
        onListening: () => (listening = true),
        onEnded: () => undefined,
      })
      onTestFinished(async () => {
        over.abort()
        await monitoring
      })
      await waitUntil(() => listening, 'listening')
      for (let round = 0; round < 40; round += 1) {
        await nft.apply(`add element inet selvedge peers { 10.9.0.${round} }\n`)
        // Refused, and so no commit that could be owed.
        await nft.apply('delete chain inet selvedge nobody\n')
        if (round % 10 === 9) await namespace.nft(`add element inet selvedge peers { 10.8.0.${round} }`)
      }
      await waitUntil(() => foreign.length >= 4, 'four foreign commits')
      await nft.apply('add chain inet selvedge c-1\n')
      await namespace.nft('add chain inet selvedge c-2')
      await waitUntil(() => foreign.length >= 5, 'the last one')
      expect(foreign).toHaveLength(5)
      expect(new Set(ways)).toEqual(new Set(['standing']))
    })
  })

describe('a standing nft that misbehaves', () => {
  /** Understands marks as nft does; what it does with a transaction is the script's, `$file` its place. */
  const fake = (script: string) =>
    temporaryFolder({
      nft: `#!/bin/sh
[ "$1" = -i ] || { echo "$*" >> "$0.runs"; cat > /dev/null; exit 0; }
while IFS= read -r line; do
  case "$line" in
    '') ;;
    include*) ${script} ;;
    *) printf 'Error: syntax error\\n%s\\n^\\n' "$line" >&2 ;;
  esac
done
`,
    })
  const limits = { firstWaitMilliseconds: 60_000 }

  test.each([
    ['ends by a signal', 'kill -SEGV $$', { kind: 'crashed', message: 'ended by SIGSEGV' }],
    ['exits', 'exit 3', { kind: 'crashed', message: 'ended by exit code 3' }],
    ['hangs', 'exec sleep 100', { kind: 'timeout' }],
    ['hangs with TERM ignored', 'trap "" TERM; while :; do sleep 0.1; done', { kind: 'timeout' }],
    ['says what nobody understands', 'echo "What a day" >&2', { kind: 'crashed', message: 'ended by us: What a day' }],
    ['never stops to speak', 'yes Error: again >&2', { kind: 'crashed', message: 'ended by an answer without an end' }],
  ])('%s: what it had in hand is unknown, and the next goes by a process', async (_, script, expected) => {
    const { nft, ways } = await createReady([`${fake(script)}/nft`], { limits, timeoutMilliseconds: 1_000 })
    expect(await nft.apply('one\n')).toMatchObject(expected)
    expect(await nft.apply('two\n')).toMatchObject({ kind: 'ok' })
    expect(ways).toEqual(['standing', 'process'])
  })

  test.each([
    ['is built without a line editor', 'echo "interactive mode not supported" >&2; exit 1'],
    ['is silent', 'exec sleep 100'],
    ['is missing', undefined],
  ])('%s: every transaction goes by a process', async (_, start) => {
    const folder = temporaryFolder({
      nft: `#!/bin/sh\nif [ "$1" = -i ]; then echo "$$" >> "$0.starts"; ${start ?? ':'}; fi\ncat > /dev/null\n`,
    })
    const command = start === undefined ? [`${folder}/none`] : [`${folder}/nft`]
    const { nft, ways, standing } = await create(command, { limits, timeoutMilliseconds: 500 })
    const results = [await nft.apply('one\n'), await nft.apply('two\n')]
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set([start === undefined ? 'missing-nft' : 'ok']))
    expect([ways, standing.isReady]).toEqual([['process', 'process'], false])
  })

  test('abort ends what it has in hand', async () => {
    const controller = new AbortController()
    const { nft } = await createReady([`${fake('exec sleep 100')}/nft`], { signal: controller.signal })
    setTimeout(() => controller.abort(), 100)
    expect((await Promise.all([nft.apply('one\n'), nft.apply('two\n')])).map(({ kind }) => kind)).toEqual([
      'aborted',
      'aborted',
    ])
  })
})
