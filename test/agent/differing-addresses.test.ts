import { expect, test } from 'vitest'
import type { Disagreement } from '../../compiler/engine/create-hold.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createDifferingAddresses } from '../../src/agent/differing-addresses.ts'

const of = (uid: string, given: string): Disagreement => ({
  pod: { namespace: 'shop', name: 'web', uid } as Pod,
  given,
  told: ['10.244.1.4'],
})

test('after a minute, of which the API has been heard all the time, a pod with two addresses is named', () => {
  let [at, isConnected] = [0, true]
  let now: readonly Disagreement[] = [of('u-1', '10.244.1.9')]
  const differing = createDifferingAddresses({
    disagreements: () => now,
    isConnected: () => isConnected,
    now: () => at,
  })
  const after = (milliseconds: number) => {
    at += milliseconds
    return differing().map(({ id, problem }) => `${id}: ${problem}`)
  }
  const named = [
    'address-differs: pod shop/web has 10.244.1.9 by its runtime and 10.244.1.4 by its status; the runtime’s is enforced',
  ]
  expect(after(0)).toEqual([])
  expect(after(59_999)).toEqual([])
  expect(after(1)).toEqual(named)
  isConnected = false
  expect(after(60_000)).toEqual([])
  isConnected = true
  expect(after(1)).toEqual([])
  expect(after(60_000)).toEqual(named)
  // Another address is another disagreement.
  now = [of('u-1', '10.244.1.10')]
  expect(after(1)).toEqual([])
  now = []
  expect(after(60_000)).toEqual([])
})
