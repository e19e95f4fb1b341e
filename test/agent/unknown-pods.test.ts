import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { createUnknownPods, type UnknownPodsOptions } from '../../src/agent/unknown-pods.ts'
import type { PodAnswer } from '../../src/sources/source.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const sandboxOf = (name: string, order = 1) => ({ key: `cbr0-${name}-eth0`, namespace: 'shop', name, order }) as Sandbox

function unknownPods(options: Partial<UnknownPodsOptions> = {}) {
  const asked: string[] = []
  let unheardOf: readonly Sandbox[] = []
  let answer: PodAnswer = 'told'
  const unknown = createUnknownPods({
    unheardOf: () => unheardOf,
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
    now: async (list: readonly Sandbox[], milliseconds: number, answers: PodAnswer = 'told') => {
      unheardOf = list
      answer = answers
      unknown.look()
      await vi.advanceTimersByTimeAsync(milliseconds)
    },
  }
}

test('a pod that nobody has told for 50 ms is asked for, once, whatever comes of it', async () => {
  const { asked, now } = unknownPods()
  await now([sandboxOf('web')], 49, 'none')
  expect(asked).toEqual([])
  await now([sandboxOf('web')], 1, 'none')
  expect(asked).toEqual(['shop/web'])
  await now([sandboxOf('web'), sandboxOf('web')], 60_000, 'none')
  expect(asked).toEqual(['shop/web'])
})

test('one that is told meanwhile or waits for its policies is not asked for', async () => {
  const { asked, now } = unknownPods({ isLate: (pod) => pod === 'shop/late' })
  await now([sandboxOf('web'), sandboxOf('late')], 20)
  await now([sandboxOf('late')], 60_000)
  expect(asked).toEqual([])
})

test('another sandbox of the same pod is another question', async () => {
  const { asked, now } = unknownPods()
  await now([sandboxOf('web')], 60)
  await now([sandboxOf('web', 2)], 60)
  expect(asked).toEqual(['shop/web', 'shop/web'])
})

test('without an answer it is asked again, each time later', async () => {
  const { asked, now } = unknownPods()
  const counts: number[] = []
  await now([sandboxOf('web')], 60, 'failed')
  for (let second = 0; second < 8; second += 1) {
    counts.push(asked.length)
    await now([sandboxOf('web')], 1_000, 'failed')
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 3, 3, 4])
})

test('where nobody can be asked nothing is looked at, and nothing waits', () => {
  const unheardOf = vi.fn(() => [sandboxOf('web')])
  const { unknown } = unknownPods({ unheardOf, lookFor: undefined })
  unknown.look()
  expect({ looks: unheardOf.mock.calls.length, timers: vi.getTimerCount() }).toEqual({ looks: 0, timers: 0 })
})

test('once stopped it asks for nobody any more', async () => {
  const { asked, now, unknown } = unknownPods()
  await now([sandboxOf('web')], 49)
  unknown.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual([])
})
