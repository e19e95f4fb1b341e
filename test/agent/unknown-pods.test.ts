import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HeldAddress } from '../../compiler/engine/held-address.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { createUnknownPods, type UnknownPodsOptions } from '../../src/agent/unknown-pods.ts'
import type { PodAnswer } from '../../src/sources/source.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function heldOf(name: string, changes: Partial<HeldAddress> = {}, order = 1): HeldAddress {
  const sandbox = { key: `cbr0-${name}-eth0`, namespace: 'shop', name, order } as Sandbox
  return { address: '10.244.1.10', sandbox, why: '', isUnheardOf: true, ...changes }
}

function unknownPods(options: Partial<UnknownPodsOptions> = {}) {
  const asked: string[] = []
  let held: readonly HeldAddress[] = []
  let answer: PodAnswer = 'told'
  const unknown = createUnknownPods({
    held: () => held,
    isLate: () => false,
    lookFor: async ({ namespace, name }) => {
      asked.push(`${namespace}/${name}`)
      return answer
    },
    now: () => Date.now(),
    failed: (error) => {
      throw error
    },
    ...options,
  })
  return {
    asked,
    unknown,
    now: async (list: readonly HeldAddress[], milliseconds: number, answers: PodAnswer = 'told') => {
      held = list
      answer = answers
      unknown.look()
      await vi.advanceTimersByTimeAsync(milliseconds)
    },
  }
}

test('a pod that nobody has told for 50 ms is asked for, once, whatever comes of it', async () => {
  const { asked, now } = unknownPods()
  await now([heldOf('web')], 49, 'none')
  expect(asked).toEqual([])
  await now([heldOf('web')], 1, 'none')
  expect(asked).toEqual(['shop/web'])
  await now([heldOf('web'), heldOf('web', { address: 'fd00::1' })], 60_000, 'none')
  expect(asked).toEqual(['shop/web'])
})

test('one that is told meanwhile, waits for its policies, or is held for another reason is not asked for', async () => {
  const { asked, now } = unknownPods({ isLate: (pod) => pod === 'shop/late' })
  await now([heldOf('web'), heldOf('late'), heldOf('done', { isUnheardOf: false })], 20)
  await now([heldOf('late')], 60_000)
  expect(asked).toEqual([])
})

test('another sandbox of the same pod is another question', async () => {
  const { asked, now } = unknownPods()
  await now([heldOf('web')], 60)
  await now([heldOf('web', {}, 2)], 60)
  expect(asked).toEqual(['shop/web', 'shop/web'])
})

test('without an answer it is asked again, each time later', async () => {
  const { asked, now } = unknownPods()
  const counts: number[] = []
  await now([heldOf('web')], 60, 'failed')
  for (let second = 0; second < 8; second += 1) {
    counts.push(asked.length)
    await now([heldOf('web')], 1_000, 'failed')
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 3, 3, 4])
})

test('where nobody can be asked nothing is looked at, and nothing waits', () => {
  const held = vi.fn(() => [heldOf('web')])
  const { unknown } = unknownPods({ held, lookFor: undefined })
  unknown.look()
  expect({ looks: held.mock.calls.length, timers: vi.getTimerCount() }).toEqual({ looks: 0, timers: 0 })
})

test('once stopped it asks for nobody any more', async () => {
  const { asked, now, unknown } = unknownPods()
  await now([heldOf('web')], 49)
  unknown.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual([])
})
