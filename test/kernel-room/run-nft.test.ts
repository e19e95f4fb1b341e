import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { NftRun } from '../../src/kernel/nft-result.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ROOM, useNamespace } from './namespace.ts'
import { REFUSALS, TABLE } from './refusals.ts'

describeLab('the real nft', () => {
  const namespace = useNamespace()
  const create = (more: Partial<Parameters<typeof createNft>[0]> = {}) =>
    createNft({ command: namespace.enter('nft'), timeoutMilliseconds: 20_000, ...more })

  beforeEach(() => namespace.nft(`flush ruleset\n${TABLE}`))

  test('a transaction is applied and the table listed', async () => {
    const nft = create()
    expect(await nft.apply('add element inet selvedge peers { 10.244.1.6 }\n')).toMatchObject({ kind: 'ok' })
    const result = await nft.list()
    expect(result).toMatchObject({ kind: 'table' })
    expect(JSON.stringify(result)).toContain('10.244.1.6')
  })

  test('no table is an answer of its own, and other tables do not count', async () => {
    await namespace.nft('flush ruleset\ntable inet selvedges { chain a { } ; }\ntable ip selvedge { }\n')
    expect(await create().list()).toMatchObject({ kind: 'no-table' })
  })

  test('a listing that fails is no empty table: namespace, nft or right missing', async () => {
    const answers = await Promise.all([
      create({ command: ['ip', 'netns', 'exec', 'selvedge-no-such-namespace', 'nft'] }).list(),
      create({ command: namespace.enter('selvedge-no-such-nft') }).list(),
      create({ command: namespace.enter('setpriv', '--bounding-set', '-net_admin', 'nft') }).list(),
    ])
    expect(answers.map(({ kind }) => kind)).toEqual(['other', 'missing-nft', 'permission'])
  })

  test.each(REFUSALS)('refused as %s on line %i: %s', async (kind, line, text, words) => {
    const result = await create().apply(`${text}\n`)
    expect(result).toMatchObject({ kind, line, message: expect.stringContaining(words) })
    expect(text.split('\n')[line - 1]).toBe('lineText' in result ? result.lineText : undefined)
  })

  test('too deep a jump is too many', async () => {
    const chains = Array.from({ length: 18 }, (_, index) => `add chain inet selvedge c${index}`)
    const jumps = chains.slice(1).map((_, index) => `add rule inet selvedge c${index} jump c${index + 1}`)
    const text = [...chains, ...jumps, 'add rule inet selvedge forward jump c0'].join('\n')
    expect(await create().apply(`${text}\n`)).toMatchObject({
      kind: 'too-many',
      message: expect.stringContaining('Too many links'),
    })
  })

  test('without the right to change the network nothing is done', async () => {
    const nft = create({ command: namespace.enter('setpriv', '--bounding-set', '-net_admin', 'nft') })
    expect(await nft.apply('add chain inet selvedge c-1\n')).toMatchObject({ kind: 'permission' })
  })

  test('without enough memory it says so, and the table stays as it was', async () => {
    const before = await create().list()
    const elements = Array.from({ length: 60_000 }, (_, index) => `10.8.${index >> 8}.${index & 255}`)
    const nft = create({ command: namespace.enter('prlimit', '--as=20000000', 'nft') })
    const result = await nft.apply(`add element inet selvedge peers { ${elements.join(', ')} }\n`)
    expect(result).toMatchObject({ kind: 'no-memory' })
    expect(await create().list()).toMatchObject({ listing: (before as { listing: unknown }).listing })
  })

  test('an element line that is a megabyte long is cut around the place that nft names', async () => {
    const elements = Array.from(
      { length: 60_000 },
      (_, index) => `10.${8 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    )
    elements[40_000] = '10.1.1.'
    const result = await create().apply(
      `add chain inet selvedge c-1\nadd element inet selvedge peers { ${elements.join(', ')} }\n`,
    )
    expect(result).toMatchObject({ kind: 'syntax', line: 2, lineText: expect.stringContaining('10.1.1.,') })
    expect('lineText' in result && result.lineText?.length).toBe(200)
  })

  test('runs are one at a time, in the order of the calls, and each is observed', async () => {
    const runs: NftRun[] = []
    const nft = create({ observe: (run) => runs.push(run) })
    // Each but the first needs the one before; the third fails, which holds up nobody.
    const results = await Promise.all([
      nft.apply('add chain inet selvedge c-1\n'),
      nft.apply('add rule inet selvedge c-1 drop\n'),
      nft.apply('add rule inet selvedge c-2 drop\n'),
      nft.apply('add chain inet selvedge c-2\n'),
      nft.list(),
      nft.version(),
    ])
    expect(results.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'not-found', 'ok', 'table', 'version'])
    expect(runs.map(({ purpose, outcome }) => `${purpose} ${outcome}`)).toEqual([
      'apply ok',
      'apply ok',
      'apply not-found',
      'apply ok',
      'list ok',
      'version ok',
    ])
    expect(runs.every(({ durationMilliseconds }) => durationMilliseconds > 0)).toBe(true)
  })

  test('abort ends what runs, and what waits never begins', async () => {
    const controller = new AbortController()
    const folder = temporaryFolder({ nft: `#!/bin/sh\necho run >> "$0.runs"\nexec sleep 100\n` })
    const nft = create({ command: [`${folder}/nft`], signal: controller.signal })
    const both = [nft.apply('one'), nft.apply('two')]
    setTimeout(() => controller.abort(), 200)
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['aborted', 'aborted'])
    expect(await namespace.sh(`cat ${folder}/nft.runs`)).toBe('run\n')
  })
})

describe('an nft that misbehaves', () => {
  const fake = (script: string, timeoutMilliseconds = 20_000) => {
    const folder = temporaryFolder({ nft: `#!/bin/sh\n${script}\n` })
    return createNft({ command: [`${folder}/nft`], timeoutMilliseconds })
  }

  test('is missing', async () => {
    const nft = createNft({ command: [`${temporaryFolder()}/nft`], timeoutMilliseconds: 1_000 })
    const results = [await nft.apply(''), await nft.list(), await nft.version()]
    expect(results.map(({ kind }) => kind)).toEqual(['missing-nft', 'missing-nft', 'missing-nft'])
  })

  test('is nowhere in PATH', async () => {
    const before = process.env['PATH']
    process.env['PATH'] = ''
    try {
      expect(await createNft({ timeoutMilliseconds: 1_000 }).version()).toMatchObject({ kind: 'missing-nft' })
    } finally {
      process.env['PATH'] = before
    }
  })

  test('hangs, and is killed; the next one runs', async () => {
    const nft = fake(
      '[ "$1" = --version ] && exec echo "nftables v1.0.6 (x)"\ntrap "" TERM\nwhile :; do sleep 0.1; done',
      300,
    )
    const [hung, next] = await Promise.all([nft.apply('add table inet selvedge\n'), nft.version()])
    expect([hung.kind, next]).toEqual(['timeout', { kind: 'version', version: [1, 0, 6] }])
  })

  test('leaves a child behind that keeps the pipes open: no reason to wait for ever, nor to live on', async () => {
    const folder = temporaryFolder({ nft: '#!/bin/sh\nsleep 1000 &\necho $! > "$0.child"\nwait\n' })
    onTestFinished(() => void process.kill(Number(readFileSync(`${folder}/nft.child`, 'utf8')), 'SIGKILL'))
    const program = `
      const { createNft } = await import(${JSON.stringify(`${ROOM}run-nft.ts`)})
      const nft = createNft({ command: ['${folder}/nft'], timeoutMilliseconds: 200 })
      console.log((await nft.apply('')).kind)`
    expect(await mustRun([process.execPath, '--input-type=module', '--eval', program])).toBe('timeout\n')
  })

  test('is ended by a signal, its own or one that a shell passes on', async () => {
    expect(await fake('kill -SEGV $$').apply('')).toEqual({ kind: 'crashed', message: 'ended by SIGSEGV' })
    expect(await fake('exit 139').list()).toEqual({ kind: 'crashed', message: 'ended by signal 11' })
  })

  test('is slow, and that is all', async () => {
    expect(await fake('cat > /dev/null; sleep 0.3').apply('')).toMatchObject({ kind: 'ok' })
  })

  test('refuses without reading what it is given', async () => {
    const text = '# comment\n'.repeat(1_000_000)
    const nft = fake("echo '/dev/stdin:7:1-1: Error: Could not process rule: No buffer space available' >&2; exit 1")
    expect(await nft.apply(text)).toEqual({
      kind: 'no-buffer',
      message: 'Could not process rule: No buffer space available',
      line: 7,
      lineText: '# comment',
    })
  })

  test('says nothing, or something that is not JSON', async () => {
    expect(await fake('exit 3').apply('')).toEqual({ kind: 'other', message: 'exit code 3' })
    expect(await fake('echo table').list()).toMatchObject({
      kind: 'other',
      message: expect.stringContaining('not JSON'),
    })
    expect(await fake('echo mystery').version()).toMatchObject({ kind: 'other' })
  })
})
