import { expect, test } from 'vitest'
import { createAtMost } from '../../../src/sources/kubernetes/at-most.ts'

test('so many run at once, in the order in which they came, and one that fails makes room as well', async () => {
  const atMost = createAtMost(2)
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const answers = ends.map(({ promise }, index) =>
    atMost(() => {
      begun.push(index)
      return promise
    }),
  )
  expect(begun).toEqual([0, 1])
  ends[1]?.reject(new Error('it failed'))
  await expect(answers[1]).rejects.toThrow('it failed')
  expect(begun).toEqual([0, 1, 2])
  for (const [index, end] of ends.entries()) end.resolve(index)
  expect(await Promise.all(answers.filter((_, index) => index !== 1))).toEqual([0, 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
})
