import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GenerationsInUse } from '../../src/kernel/generations-in-use.ts'
import { createGenerations } from '../../src/kernel/generations.ts'

/** A mask for 15 generations. */
const MASK = 0x00f00000

/** Answers in turn, the last for ever; counts how often it was asked. */
function live(...answers: (readonly number[] | 'unknown')[]) {
  let asked = 0
  return {
    asked: () => asked,
    inUse: async (): Promise<GenerationsInUse> => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? []
      asked += 1
      return answer === 'unknown' ? UNKNOWN : { carried: new Set(answer), complete: true }
    },
  }
}

const UNKNOWN: GenerationsInUse = { carried: new Set(), complete: false }

test('counts from 1, past what live flows carry and past 0, and asks no more until it has to', async () => {
  const flows = live([2, 3, 15], [7, 8])
  const generations = createGenerations({ markMask: MASK, inUse: flows.inUse })
  const given: number[] = []
  let current: number | undefined
  for (let round = 0; round < 12; round += 1) {
    const next = await generations.next(current)
    expect(next.certain).toBe(true)
    given.push(next.generation)
    current = next.generation
  }
  expect(given).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  expect(flows.asked()).toBe(1)
  // All are given out: asked anew, only the current one and 7 and 8 are taken.
  expect((await generations.next(14)).generation).toBe(15)
  expect((await generations.next(15)).generation).toBe(1)
  expect(flows.asked()).toBe(2)
})

test('goes on from the number that the standing table has', async () => {
  const generations = createGenerations({ markMask: MASK, inUse: live([11]).inUse })
  expect((await generations.next(10)).generation).toBe(12)
})

test('asks again after the table was lost, since others may have given out numbers', async () => {
  const flows = live([], [2, 3])
  const generations = createGenerations({ markMask: MASK, inUse: flows.inUse })
  expect((await generations.next(undefined)).generation).toBe(1)
  generations.forget()
  expect(await generations.next(1)).toEqual({ generation: 4, certain: true })
})

test('asked at the start, it need not ask in the path of the first denial', async () => {
  const flows = live([1, 2])
  const generations = createGenerations({ markMask: MASK, inUse: flows.inUse })
  generations.ask()
  expect(flows.asked()).toBe(1)
  expect(await generations.next(undefined)).toEqual({ generation: 3, certain: true })
  expect(await generations.next(3)).toEqual({ generation: 4, certain: true })
  expect(flows.asked()).toBe(1)
})

test('adopts what stands at the start, and asks again when a number stands that it never gave', async () => {
  const flows = live([], [10, 11])
  const generations = createGenerations({ markMask: MASK, inUse: flows.inUse })
  generations.ask()
  expect((await generations.next(7)).generation).toBe(8)
  expect(flows.asked()).toBe(1)
  // Somebody replaced the table by one that has 9.
  expect(await generations.next(9)).toEqual({ generation: 12, certain: true })
  // And by one whose number cannot be read.
  expect((await generations.next(undefined)).generation).toBe(1)
  expect(flows.asked()).toBe(3)
})

test('asked anew while it waits for an answer, it goes by the new one', async () => {
  const answers = [Promise.withResolvers<GenerationsInUse>(), Promise.withResolvers<GenerationsInUse>()]
  let asked = 0
  const inUse = () => answers[asked++]?.promise ?? Promise.resolve(UNKNOWN)
  const generations = createGenerations({ markMask: MASK, inUse })
  generations.ask()
  const next = generations.next(undefined)
  generations.ask()
  answers[0]?.resolve({ carried: new Set(), complete: true })
  answers[1]?.resolve({ carried: new Set([1]), complete: true })
  expect(await next).toEqual({ generation: 2, certain: true })
})

test('a list that may lack some is better than none, but not certain', async () => {
  const inUse = () => Promise.resolve({ carried: new Set([8]), complete: false })
  const generations = createGenerations({ markMask: MASK, inUse, random: () => 0.5 })
  expect(await generations.next(undefined)).toEqual({ generation: 9, certain: false })
})

test('when nothing is known: a random start, then the number used longest ago, and it says that it is not certain', async () => {
  const generations = createGenerations({ markMask: MASK, inUse: live('unknown').inUse, random: () => 0.5 })
  expect(await generations.next(undefined)).toEqual({ generation: 8, certain: false })
  expect(await generations.next(8)).toEqual({ generation: 9, certain: false })
  const highest = createGenerations({ markMask: MASK, inUse: live('unknown').inUse, random: () => 0.999_999 })
  expect(await highest.next(undefined)).toEqual({ generation: 15, certain: false })
  expect(await highest.next(15)).toEqual({ generation: 1, certain: false })
})

test('when live flows carry every number, one more is given, but not as certain', async () => {
  const all = Array.from({ length: 15 }, (_, index) => index + 1)
  const generations = createGenerations({ markMask: MASK, inUse: live(all).inUse })
  expect(await generations.next(15)).toEqual({ generation: 1, certain: false })
})

test('law: never 0, never above the highest, never the current one; certain ones are carried by nobody', async () => {
  const scenario = fc.record({
    bits: fc.integer({ min: 2, max: 5 }),
    answers: fc.array(fc.oneof(fc.array(fc.integer({ min: 1, max: 31 })), fc.constant('unknown' as const)), {
      minLength: 1,
    }),
    rounds: fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ bits, answers, rounds }) => {
      const highest = 2 ** bits - 1
      const possible = answers.map((answer) => (answer === 'unknown' ? answer : answer.filter((one) => one <= highest)))
      // What flows may carry by now: what the last answer said, and what was current since.
      let carried = new Set<number>()
      const flows = live(...possible)
      const inUse = async () => {
        const answer = await flows.inUse()
        carried = new Set(answer.carried)
        if (current !== undefined) carried.add(current)
        return answer
      }
      const generations = createGenerations({ markMask: highest << 4, inUse })
      let current: number | undefined
      for (const forget of rounds) {
        if (forget) generations.forget()
        const { generation, certain } = await generations.next(current)
        expect(generation).toBeGreaterThanOrEqual(1)
        expect(generation).toBeLessThanOrEqual(highest)
        expect(generation).not.toBe(current)
        if (certain) expect(carried.has(generation)).toBe(false)
        carried.add(generation)
        current = generation
      }
    }),
  )
})
