import { expect, test } from 'vitest'
import { createAppliedVersions } from '../../src/agent/applied-versions.ts'
import { startWorkLoop, type WorkLoopOptions } from '../../src/agent/work-loop.ts'
import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import { waitUntil } from '../kernel-room/wait-until.ts'

const change = (name: string): Change => ({ type: 'remove', kind: 'Namespace', namespace: '', name })
const names = (changes: readonly EngineChange[]) => changes.map((one) => ('name' in one ? one.name : one.type))

/** A loop over a reconciler whose answers the test gives, one after the other, and a source that only counts. */
function loopWithHand() {
  const work: { readonly what: string; readonly names: readonly string[]; answer(fine: boolean): void }[] = []
  const ask = (what: string, changes: readonly EngineChange[] = []) =>
    new Promise<boolean>((answer) => {
      work.push({ what, names: names(changes), answer })
    })
  const reconciler: WorkLoopOptions['reconciler'] = {
    start: (changes) => ask('start', changes),
    apply: (changes) => ask('apply', changes),
    verify: () => ask('verify'),
    refresh: () => Promise.resolve(true),
    rejudge: () => Promise.resolve(true),
  }
  const clock = { now: 1_000 }
  const source = { version: '' }
  const ended: boolean[] = []
  const versions = createAppliedVersions({
    seen: (): Record<string, string> => (source.version === '' ? {} : { pods: source.version }),
    isIdle: () => loop.isIdle,
  })
  const loop = startWorkLoop({
    reconciler,
    pacer: { delay: () => 0, turnBegan: () => undefined },
    now: () => clock.now,
    turnBegan: () => versions.turnBegan(),
    turnEnded: (fine) => {
      ended.push(fine)
      versions.turnEnded(fine)
    },
    failed: (error) => {
      throw error
    },
    backOff: () => 0,
  })
  /** Waits for the n-th piece of work, from 1. */
  const piece = async (count: number) => {
    await waitUntil(() => work.length >= count, `piece of work ${count}`)
    const found = work[count - 1]
    if (found === undefined) throw new Error(`there is no piece of work ${count}`)
    return found
  }
  /** A piece of work is answered, and the loop has heard it. */
  const finish = async (count: number, fine: boolean) => {
    ;(await piece(count)).answer(fine)
    await waitUntil(() => ended.length >= count, `end of turn ${count}`)
  }
  return { loop, versions, source, clock, piece, finish }
}

test('a version is applied when all that was told up to it is in the kernel, not when it is seen', async () => {
  const { loop, versions, source, piece, finish } = loopWithHand()
  source.version = '10'
  expect(versions.read()).toEqual({})
  loop.push([change('a')])
  loop.synced()
  await piece(1)
  expect(versions.read()).toEqual({})
  source.version = '11'
  loop.push([change('b')])
  await finish(1, true)
  expect((await piece(2)).names).toEqual(['b'])
  expect(versions.read()).toEqual({ pods: '10' })
  source.version = '12'
  loop.push([change('c')])
  await finish(2, true)
  await piece(3)
  expect(versions.read()).toEqual({ pods: '11' })
  await finish(3, true)
  await waitUntil(() => loop.isIdle, 'idle')
  expect(versions.read()).toEqual({ pods: '12' })
  await loop.stop()
})

test('events that change nothing count at once while nothing waits, and a comparison does not take them back', async () => {
  const { loop, versions, source, piece, finish } = loopWithHand()
  loop.synced()
  await finish(1, true)
  await waitUntil(() => loop.isIdle, 'idle')
  source.version = '20'
  expect(versions.read()).toEqual({ pods: '20' })
  loop.verifySoon()
  expect((await piece(2)).what).toBe('verify')
  expect(versions.read()).toEqual({ pods: '20' })
  await finish(2, true)
  await loop.stop()
})

test('what the kernel refuses is not applied, nor what comes after it, until all of it is', async () => {
  const { loop, versions, source, clock, piece, finish } = loopWithHand()
  source.version = '30'
  loop.synced()
  await finish(1, true)
  source.version = '31'
  loop.push([change('a'), change('b')])
  await piece(2)
  clock.now = 1_500
  expect(loop.waiting).toEqual({ events: 2, since: 1_000 })
  expect(loop.inHandSince).toBe(1_000)
  await finish(2, false)
  source.version = '32'
  expect(versions.read()).toEqual({ pods: '30' })
  loop.push([change('c')])
  expect(loop.waiting).toEqual({ events: 3, since: 1_000 })
  await finish(3, true)
  await finish(4, true)
  await waitUntil(() => loop.isIdle, 'idle')
  expect(versions.read()).toEqual({ pods: '32' })
  expect(loop.waiting).toEqual({ events: 0, since: undefined })
  await loop.stop()
})

test('what comes between the first batch and its turn goes with it', async () => {
  const { loop, versions, source, piece, finish } = loopWithHand()
  source.version = '40'
  loop.push([change('a')])
  loop.synced()
  source.version = '41'
  loop.push([change('b')])
  expect(await piece(1)).toMatchObject({ what: 'start', names: ['a', 'b'] })
  await finish(1, true)
  expect(versions.read()).toEqual({ pods: '41' })
  await loop.stop()
})

test('of the changes of one object that come while nft hangs, only the last is kept and applied', async () => {
  const { loop, piece, finish } = loopWithHand()
  loop.synced()
  await piece(1)
  for (let round = 0; round < 1_000; round += 1) loop.push([change('a'), change('b')])
  expect(loop.waiting).toEqual({ events: 2, since: 1_000 })
  await finish(1, true)
  expect((await piece(2)).names).toEqual(['a', 'b'])
  await finish(2, true)
  await loop.stop()
})
