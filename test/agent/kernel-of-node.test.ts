import { expect, test } from 'vitest'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import type { Nft } from '../../src/kernel/run-nft.ts'

const neverRun = (): never => {
  throw new Error('nft is not asked for a number')
}
const nft: Nft = {
  apply: neverRun,
  list: neverRun,
  version: neverRun,
  ownCommits: { started: neverRun, claims: neverRun },
}

test.each([
  ['live flows cannot be asked', 'unknown', [1], [false]],
  ['no flow carries any', [], [1, 2], [true, true]],
  ['every number is carried', Array.from({ length: 15 }, (_, index) => index + 1), [1], [false]],
] as const)('a number, and whether it is certain: %s', async (_, carried, asks, expected) => {
  const told: boolean[] = []
  const inUse = () => Promise.resolve(carried === 'unknown' ? carried : new Set<number>(carried))
  const kernel = kernelOfNode({ nft, markMask: 0xf0000000, allocated: (certain) => told.push(certain), inUse })
  for (const current of asks) await kernel.nextGeneration(current)
  expect(told).toEqual(expected)
})
