import { expect, test } from 'vitest'
import { createInOrder } from '../../src/kernel/in-order.ts'

test('one at a time, in order, also after one that failed', async () => {
  const inOrder = createInOrder()
  const log: string[] = []
  const work = (name: string, fails = false) =>
    inOrder(async () => {
      log.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([work('one'), work('two', true), work('three')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends'])
})
