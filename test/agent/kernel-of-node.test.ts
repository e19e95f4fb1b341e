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
  const complete = carried !== 'unknown'
  const inUse = () => Promise.resolve({ carried: new Set<number>(complete ? carried : []), complete })
  const kernel = kernelOfNode({ nft, markMask: 0xf0000000, allocated: (certain) => told.push(certain), inUse })
  for (const current of asks) await kernel.nextGeneration(current)
  expect(told).toEqual(expected)
})

test('live flows are asked at the start, again when the table is lost, and after a change by others', async () => {
  let asked = 0
  const inUse = () => Promise.resolve({ carried: new Set([++asked]), complete: true })
  const tables = ['no-table', 'table', 'no-table'] as const
  let listed = 0
  const list = () => {
    const kind = tables[listed++] ?? 'no-table'
    return Promise.resolve(
      kind === 'table' ? { kind, listing: {}, durationMilliseconds: 1 } : { kind, durationMilliseconds: 1 },
    )
  }
  const kernel = kernelOfNode({ nft: { ...nft, list }, markMask: 0xf0000000, allocated: () => {}, inUse })
  const counts: number[] = []
  const note = () => counts.push(asked)
  kernel.askLiveFlows()
  note()
  // There was no table from the start: what was asked for holds.
  await kernel.list()
  await kernel.nextGeneration(undefined)
  note()
  await kernel.list()
  await kernel.list()
  note()
  await kernel.nextGeneration(2)
  note()
  kernel.changedByOthers()
  await kernel.nextGeneration(3)
  note()
  expect(counts).toEqual([1, 1, 2, 2, 3])
})
