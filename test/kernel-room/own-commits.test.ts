import { expect, test } from 'vitest'
import { createOwnCommits } from '../../src/kernel/own-commits.ts'

test('by pid: a commit is ours once, while the run lasts and a little longer', async () => {
  const own = createOwnCommits({ name: 'nft', comparablePids: true, rememberMilliseconds: 50 })
  const run = own.started(41)
  own.started(42).ended(true)
  own.started(43).ended(true)
  const asked = [
    own.claims({ pid: 41, name: 'nft' }),
    own.claims({ pid: 42, name: 'nft' }),
    own.claims({ pid: 7, name: 'nft' }),
  ]
  expect(await Promise.all(asked)).toEqual([true, true, false])
  // The pid has gone to another process.
  expect(await own.claims({ pid: 42, name: 'nft' })).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await own.claims({ pid: 43, name: 'nft' })).toBe(false)
  run.ended(true)
})

test('by number: each successful run accounts for one commit of its name', async () => {
  const own = createOwnCommits({ name: 'nft', comparablePids: false })
  own.started(1).ended(true)
  expect(await own.claims({ pid: 900, name: 'kube-proxy' })).toBe(false)
  expect(await own.claims({ pid: 901, name: 'nft' })).toBe(true)
  expect(await own.claims({ pid: 902, name: 'nft' })).toBe(false)
})

test('by number: a commit during a run that fails in the end is foreign', async () => {
  const own = createOwnCommits({ name: 'nft', comparablePids: false })
  const run = own.started(1)
  const claim = own.claims({ pid: 900, name: 'nft' })
  run.ended(false)
  expect(await claim).toBe(false)
})
