import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineChange } from '../../compiler/engine/change.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { createSandboxFeed } from '../../src/agent/sandbox-feed.ts'

const START = 1_790_000_000_000

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

function sandbox(changes: Partial<Sandbox> = {}): Sandbox {
  const named = { kind: 'Sandbox', key: 'cbr0-1-eth0', id: '1', uid: 'u-1', namespace: 'shop', name: 'web' } as const
  return { ...named, addresses: ['10.244.1.10'], order: 1, writtenAt: START, ...changes }
}

function feedOf(uids: Readonly<Record<string, string>>) {
  const pushed: EngineChange[] = []
  return { pushed, feed: createSandboxFeed({ push: (changes) => pushed.push(...changes), uidOf: (pod) => uids[pod] }) }
}

const put = (object: Sandbox) => ({ type: 'put', object }) as const
const gone = { type: 'remove', kind: 'Sandbox', key: 'cbr0-1-eth0' } as const

test('a sandbox is young for five seconds, counted from its file', () => {
  const { feed, pushed } = feedOf({})
  expect(feed.take([put(sandbox({ writtenAt: START - 2_000 }))])).toEqual([put(sandbox({ writtenAt: START - 2_000 }))])
  vi.advanceTimersByTime(2_999)
  expect(pushed).toEqual([])
  vi.advanceTimersByTime(1)
  expect(pushed).toEqual([put(sandbox({ writtenAt: START - 2_000, isAged: true }))])
  expect(feed.take([put(sandbox({ writtenAt: START - 60_000 }))])).toEqual([
    put(sandbox({ writtenAt: START - 60_000, isAged: true })),
  ])
})

test('a clock that is set back keeps nobody young, and nothing is told again and again', () => {
  const { feed, pushed } = feedOf({})
  feed.take([put(sandbox())])
  vi.setSystemTime(START - 3_600_000)
  // Told again, for another subnet: the same sandbox still.
  expect(feed.take([put(sandbox({ addresses: ['10.244.1.11'] }))])).toEqual([
    put(sandbox({ addresses: ['10.244.1.11'] })),
  ])
  vi.advanceTimersByTime(60_000)
  expect(pushed).toEqual([put(sandbox({ addresses: ['10.244.1.11'], isAged: true }))])
  // One whose file seems to be of the future begins its time when it is told.
  pushed.length = 0
  const fresh = sandbox({ key: 'cbr0-2-eth0', order: 2, writtenAt: START + 3_600_000 })
  expect(feed.take([put(fresh)])).toEqual([put(fresh)])
  vi.advanceTimersByTime(4_999)
  expect(pushed).toEqual([])
  vi.advanceTimersByTime(60_000)
  expect(pushed).toEqual([put({ ...fresh, isAged: true })])
})

test('a clock that is set ahead makes nobody old before the time', () => {
  const { feed, pushed } = feedOf({})
  feed.take([put(sandbox())])
  vi.advanceTimersByTime(2_000)
  vi.setSystemTime(START + 3_600_000)
  expect(feed.take([put(sandbox())])).toEqual([put(sandbox())])
  vi.advanceTimersByTime(2_999)
  expect(pushed).toEqual([])
  vi.advanceTimersByTime(1)
  expect(pushed).toEqual([put(sandbox({ isAged: true }))])
  expect(feed.take([put(sandbox())])).toEqual([put(sandbox({ isAged: true }))])
})

test('another sandbox under the same name is young again', () => {
  const { feed, pushed } = feedOf({ 'shop/web': 'u-1' })
  feed.take([put(sandbox())])
  vi.advanceTimersByTime(5_000)
  const second = sandbox({ order: 2, writtenAt: START + 5_000 })
  expect(feed.take([put(second)])).toEqual([put(second)])
  // One that has ended says no more that it has grown old; it comes back as one that comes.
  feed.take([gone])
  pushed.length = 0
  vi.advanceTimersByTime(1_000)
  expect(feed.take([put(second)])).toEqual([put(second)])
  vi.advanceTimersByTime(4_000)
  expect(pushed).toEqual([put({ ...second, isAged: true })])
})

test('one that ends is told as ended while its pod is there, and is forgotten with the pod, or when another has its name', () => {
  for (const after of [
    { type: 'remove', kind: 'Pod', namespace: 'shop', name: 'web' } as const,
    { type: 'put', object: { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u-2' } } as unknown as EngineChange,
  ]) {
    const { feed } = feedOf({ 'shop/web': 'u-1' })
    feed.take([put(sandbox())])
    expect(feed.take([gone])).toEqual([put(sandbox({ isEnded: true }))])
    const same = { type: 'put', object: { kind: 'Pod', namespace: 'shop', name: 'web', uid: 'u-1' } }
    expect(feed.take([same as unknown as EngineChange])).toEqual([same])
    expect(feed.take([after])).toEqual([after, gone])
    expect(feed.take([after])).toEqual([after])
  }
})

test('one that ends when its pod is gone already is gone', () => {
  const { feed, pushed } = feedOf({})
  feed.take([put(sandbox())])
  expect(feed.take([gone])).toEqual([gone])
  vi.advanceTimersByTime(60_000)
  expect(pushed).toEqual([])
})

test('those that came since the start are settled once, when all of their addresses pass', () => {
  const { feed } = feedOf({})
  const [old, fresh] = [
    sandbox({ key: 'old', writtenAt: START - 1 }),
    sandbox({ addresses: ['10.244.1.10', 'fd44::a'] }),
  ]
  feed.take([put(old), put(fresh)])
  expect(feed.takeSettled((address) => address === '10.244.1.10')).toEqual([])
  expect(feed.takeSettled(() => true)).toEqual([fresh])
  expect(feed.takeSettled(() => true)).toEqual([])
})
