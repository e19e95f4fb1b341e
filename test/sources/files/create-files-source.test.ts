import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../../compiler/engine/create-engine.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import { createFilesSource, type FilesSourceOptions } from '../../../src/sources/files/create-files-source.ts'
import type { Source, SourceListener } from '../../../src/sources/source.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { applyChange, POD_CIDR } from './follower.ts'
import { documents, policy, workload } from './manifests.ts'
import { expectSoon } from './expect-soon.ts'

const A = 'NetworkPolicy shop/a'
const B = 'NetworkPolicy shop/b'
const AN_HOUR = 3_600_000

interface Heard {
  readonly source: Source
  readonly objects: ReadonlyMap<string, ClusterObject>
  readonly problems: ReadonlyMap<string, readonly Diagnostic[]>
  /** Every call of the listener, by its name. */
  readonly calls: readonly string[]
}

function begin(options: Partial<FilesSourceOptions> & Pick<FilesSourceOptions, 'paths'>): Heard {
  const source = createFilesSource({
    defaultNamespace: 'default',
    podCidr: POD_CIDR,
    interval: 20,
    settle: 5,
    ...options,
  })
  onTestFinished(() => source.stop())
  const objects = new Map<string, ClusterObject>()
  const problems = new Map<string, readonly Diagnostic[]>()
  const calls: string[] = []
  source.start({
    changes: (changes) => {
      calls.push('changes')
      for (const change of changes) applyChange(objects, change)
    },
    synced: () => calls.push('synced'),
    problems: (of, diagnostics) => {
      calls.push('problems')
      problems.set(of, diagnostics)
    },
  })
  return { source, objects, problems, calls }
}

const withoutWatches: FilesSourceOptions['watchDirectory'] = () => {
  throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { syscall: 'watch' })
}

describe('a source of files', () => {
  test('tells what stands, then that this is all, once; status says the same', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'b.yaml': 'a: [' })
    const { source, calls, problems } = begin({ paths: [folder] })
    expect(source.status()).toMatchObject({
      synced: false,
      streams: [{ name: folder, state: 'not read yet', connected: false, silentFor: undefined, objects: 0 }],
    })
    await expectSoon(() => calls.includes('synced'))
    expect(calls).toEqual(['changes', 'problems', 'synced'])
    expect([...problems.keys()]).toEqual([join(folder, 'b.yaml')])
    expect(source.status()).toMatchObject({
      synced: true,
      streams: [{ name: folder, synced: true, state: 'connected', connected: true, objects: 1, resourceVersion: '' }],
    })
    writeFileSync(join(folder, 'b.yaml'), policy('b'))
    await expectSoon(() => source.status().streams[0]?.objects === 2)
    expect(calls.filter((call) => call === 'synced').length).toBe(1)
  })

  test('finds every change by looking alone, where the system has no watches to give', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a') })
    const { objects } = begin({ paths: [folder], watchDirectory: withoutWatches })
    await expectSoon(() => objects.has(A))
    writeFileSync(join(folder, 'a.yaml'), policy('b'))
    await expectSoon(() => objects.has(B) && !objects.has(A))
    rmSync(join(folder, 'a.yaml'))
    await expectSoon(() => objects.size === 0)
  })

  test('looks at once when a watch tells of a change: in a folder, a new folder, around a file named itself', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'other/b.txt': policy('b'), 'sub/c.yaml': policy('c') })
    const paths = [join(folder, 'sub'), join(folder, 'other/b.txt')]
    const { objects } = begin({ paths, interval: AN_HOUR })
    await expectSoon(() => objects.size === 2)
    renameSync(join(folder, 'a.yaml'), join(folder, 'sub/a.yaml'))
    await expectSoon(() => objects.has(A))
    writeFileSync(join(folder, 'other/new.txt'), policy('d'))
    renameSync(join(folder, 'other/new.txt'), join(folder, 'other/b.txt'))
    await expectSoon(() => objects.has('NetworkPolicy shop/d'))
    writeFileSync(join(folder, 'sub/a.yaml'), policy('e'))
    await expectSoon(() => objects.has('NetworkPolicy shop/e'))
  })

  test('watches a folder that took the place of another', async () => {
    const folder = temporaryFolder({ 'in/sub/a.yaml': policy('a'), 'next/b.yaml': policy('b') })
    const { objects } = begin({ paths: [join(folder, 'in')], interval: AN_HOUR })
    await expectSoon(() => objects.has(A))
    renameSync(join(folder, 'in/sub'), join(folder, 'away'))
    renameSync(join(folder, 'next'), join(folder, 'in/sub'))
    await expectSoon(() => objects.has(B) && !objects.has(A))
    writeFileSync(join(folder, 'in/sub/b.yaml'), policy('c'))
    await expectSoon(() => objects.has('NetworkPolicy shop/c'))
  })

  test('is not in sync before every path is there, and says which is missing when it goes', async () => {
    const folder = temporaryFolder({ 'in/a.yaml': policy('a') })
    const later = join(folder, 'later')
    const { source, calls, objects } = begin({ paths: [join(folder, 'in'), later] })
    const state = () => source.status().streams.map((stream) => stream.state)
    await expectSoon(() => objects.has(A))
    expect(state()).toEqual(['connected', 'cannot be read: no such file or directory'])
    expect(source.status().synced).toBe(false)
    renameSync(join(folder, 'in'), later)
    await expectSoon(() => state()[1] === 'connected')
    renameSync(later, join(folder, 'in'))
    await expectSoon(() => source.status().streams[0]?.connected === true)
    expect(calls).not.toContain('synced')
    writeFileSync(later, policy('b'))
    await expectSoon(() => calls.includes('synced'))
    expect([...objects.keys()].sort()).toEqual([A, B])
    expect(source.status().synced).toBe(true)
  })

  test('tells nothing after stop, and leaves no watch behind: stopped by its own listener', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'broken.yaml': 'a: [' })
    const heard: string[] = []
    let watches = 0
    const source = createFilesSource({
      paths: [folder],
      defaultNamespace: 'default',
      podCidr: POD_CIDR,
      settle: 1,
      watchDirectory: () => {
        watches += 1
        return () => void (watches -= 1)
      },
    })
    const listener: SourceListener = {
      changes: () => {
        heard.push('changes')
        void source.stop()
      },
      synced: () => heard.push('synced'),
      problems: () => heard.push('problems'),
    }
    source.start(listener)
    await expectSoon(() => heard.length > 0)
    await expectQuiet(folder)
    expect([heard, watches]).toEqual([['changes'], 0])
  })

  test('tells nothing after stop: stopped in the middle of a look', async () => {
    const folder = temporaryFolder({ 'a.yaml': policy('a'), 'b.yaml': policy('b') })
    const looks: (() => void)[] = []
    const clock = { now: () => 0, after: (_: number, run: () => void) => (looks.push(run), () => {}) }
    const { source, calls, objects } = begin({ paths: [folder], clock, watchDirectory: withoutWatches })
    const nextLook = async () => {
      await expectSoon(() => looks.length > 0)
      looks.shift()?.()
    }
    await nextLook()
    await nextLook()
    await expectSoon(() => calls.length === 2)
    rmSync(join(folder, 'a.yaml'))
    await nextLook()
    // The look after this one would tell that it is gone.
    await nextLook()
    await source.stop()
    await expectQuiet(folder)
    expect([calls, objects.size]).toEqual([['changes', 'synced'], 2])
  })
})

/** Long enough for another source to find everything in a folder. */
async function expectQuiet(folder: string): Promise<void> {
  const { calls } = begin({ paths: [folder] })
  await expectSoon(() => calls.includes('synced'))
}

test('an engine that hears it forgets what the files forget, pods that stand for workloads too', async () => {
  const folder = temporaryFolder({ 'a.yaml': documents(workload('Deployment', 'web'), workload('StatefulSet', 'web')) })
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const pods = () => [...engine.graph().pods.keys()]
  const source = createFilesSource({
    paths: [folder],
    defaultNamespace: 'default',
    podCidr: POD_CIDR,
    interval: 20,
    settle: 5,
  })
  onTestFinished(() => source.stop())
  source.start({ changes: (changes) => void engine.apply(changes), synced: () => {}, problems: () => {} })
  await expectSoon(() => pods().length === 2)
  writeFileSync(join(folder, 'a.yaml'), workload('StatefulSet', 'web'))
  await expectSoon(() => pods().length === 1)
  expect(pods()).toEqual(['shop/web StatefulSet'])
  rmSync(join(folder, 'a.yaml'))
  await expectSoon(() => pods().length === 0)
})
