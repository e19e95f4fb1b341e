import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { EngineChange } from '../../compiler/engine/change.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createAddressHistory } from '../../src/agent/address-history.ts'
import { madePod } from '../engine/made-pods.ts'

const ADDRESS = '10.0.0.1'

/** A history beside an engine, told of changes as an agent tells: first the one, then the other. */
function historyOf() {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  let milliseconds = 0
  const { podOf, ownerOf } = engine
  const history = createAddressHistory({ podOf, ownerOf, now: () => milliseconds })
  const change = (...changes: readonly EngineChange[]): void => {
    history.take(changes)
    engine.apply(changes)
  }
  return {
    history,
    engine,
    change,
    put: (name: string, some: Partial<Pod> = {}) =>
      change({ type: 'put', object: { ...madePod({ name, address: ADDRESS }), uid: name, ...some } }),
    remove: (name: string) => change({ type: 'remove', kind: 'Pod', namespace: 'shop', name }),
    wait: (seconds: number) => (milliseconds += seconds * 1000),
    /** Whose the address was so many seconds ago. */
    ago: (seconds: number) => history.ownerAt(ADDRESS, milliseconds - seconds * 1000)?.name,
    now: () => history.ownerOf(ADDRESS)?.name,
  }
}

test('an address that nobody has belongs to who had it last, until another one gets it', () => {
  const { put, remove, wait, ago, now } = historyOf()
  put('before')
  wait(60)
  remove('before')
  expect([now(), ago(0), ago(60)]).toEqual([undefined, 'before', 'before'])
  wait(60)
  put('after')
  wait(60)
  expect([now(), ago(0), ago(59), ago(62), ago(100)]).toEqual(['after', 'after', 'after', 'before', 'before'])
})

test('a pod has left its address when it has finished, got another one, or was made anew under its name', () => {
  for (const next of [{ finished: true }, { addresses: ['10.0.0.2'] }, { uid: 'anew', addresses: [] }]) {
    const { put, ago, now } = historyOf()
    put('job')
    put('job', next)
    expect([now(), ago(0)]).toEqual([undefined, 'job'])
  }
})

test('what changes nothing of the address changes nothing here; a pod on the network of its node owns none', () => {
  const { put, remove, wait, ago } = historyOf()
  put('web')
  wait(60)
  put('web', { terminating: true })
  expect(ago(60)).toBe('web')
  remove('web')
  put('host', { hostNetwork: true })
  wait(60)
  expect(ago(0)).toBe('web')
})

test('the pod that had it and has it again was never gone', () => {
  const { put, wait, ago } = historyOf()
  put('web')
  put('web', { addresses: [] })
  wait(60)
  put('web')
  wait(60)
  expect([ago(0), ago(100)]).toEqual(['web', 'web'])
})

test('a pod that is about to go and whose address another one has already was its owner until then, whenever it goes', () => {
  const { put, remove, wait, ago, now } = historyOf()
  put('before')
  wait(60)
  put('before', { terminating: true })
  wait(60)
  put('after')
  wait(60)
  remove('before')
  put('after')
  wait(60)
  expect([now(), ago(0), ago(100), ago(119), ago(122), ago(200)]).toEqual([
    'after',
    'after',
    'after',
    'after',
    'before',
    'before',
  ])
})

test('of two that claim it the one that is about to go loses it when it says so', () => {
  const { put, wait, ago } = historyOf()
  put('newer', { createdAt: '2026-01-02T00:00:00Z' })
  put('older', { createdAt: '2026-01-01T00:00:00Z' })
  wait(60)
  expect(ago(30)).toBe('newer')
  put('newer', { createdAt: '2026-01-02T00:00:00Z', terminating: true })
  wait(60)
  expect([ago(30), ago(90)]).toEqual(['older', 'newer'])
})

test('who asks before what was told is applied gets the answer of before, and nothing is lost by it', () => {
  const { history, engine, put, wait, ago } = historyOf()
  put('before')
  wait(60)
  const gone: readonly EngineChange[] = [{ type: 'remove', kind: 'Pod', namespace: 'shop', name: 'before' }]
  history.take(gone)
  expect(ago(0)).toBe('before')
  engine.apply(gone)
  expect(ago(0)).toBe('before')
  wait(60)
  put('after')
  wait(60)
  expect([ago(0), ago(100)]).toEqual(['after', 'before'])
})

test('the runtime names the next owner before the API does', () => {
  const { put, remove, change, wait, ago } = historyOf()
  change({ type: 'hold', subnets: { kind: 'on', blocks: [], excepts: [] } })
  put('before')
  remove('before')
  put('after', { addresses: [] })
  wait(60)
  const object = { id: 'i', key: 'k', uid: 'after', namespace: 'shop', name: 'after', order: 1, writtenAt: 0 }
  change({ type: 'put', object: { ...object, kind: 'Sandbox', addresses: [ADDRESS] } })
  wait(60)
  put('after')
  expect([ago(100), ago(30)]).toEqual(['before', 'after'])
})

test('an address that a pod gives up for another is the other claimant’s from then on', () => {
  const { put, change, wait, ago } = historyOf()
  change({ type: 'hold', subnets: { kind: 'on', blocks: [], excepts: [] } })
  put('owner', { createdAt: '2026-01-02T00:00:00Z' })
  put('claimant', { createdAt: '2026-01-01T00:00:00Z' })
  wait(3_600)
  const object = { id: 'i', key: 'k', uid: 'owner', namespace: 'shop', name: 'owner', order: 1, writtenAt: 0 }
  change({ type: 'put', object: { ...object, kind: 'Sandbox', addresses: ['10.0.0.9'] } })
  wait(60)
  expect([ago(0), ago(50), ago(1_800)]).toEqual(['claimant', 'claimant', 'owner'])
})

test('it remembers some thousands, and forgets the one that went longest ago', () => {
  const { put, remove, ago, change } = historyOf()
  put('first')
  remove('first')
  for (let index = 0; index < 4096; index += 1) {
    const address = `10.1.${index >> 8}.${index & 255}`
    change({ type: 'put', object: madePod({ name: 'other', address }) })
    remove('other')
  }
  expect(ago(0)).toBe(undefined)
})
