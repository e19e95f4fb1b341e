import { expect, test } from 'vitest'
import { createAskedGrowth } from '../../src/agent/grown-asked.ts'
import type { AskedFlow } from '../../src/kernel/read-would.ts'

const MINUTES = 60_000

const flow: Omit<AskedFlow, 'packets' | 'age'> = {
  source: { family: 'IPv4', value: 1n },
  destination: { family: 'IPv4', value: 2n },
  carries: { protocol: 'TCP', port: 80 },
  direction: 'ingress',
  fate: 'allowed',
  directed: true,
}

/** What is new of a flow that the kernel shows at these minutes with so many packets, the last one `age` seconds ago. */
function news(...readings: readonly { readonly at: number; readonly packets: number; readonly age?: number }[]) {
  let now = 0
  const growth = createAskedGrowth(() => now)
  return readings.map(({ at, packets, age = 0 }) => {
    now = at * MINUTES
    const [grown] = growth.take([{ ...flow, packets, age }])
    return grown?.more ?? 0
  })
}

test('what was read before is not new, however old it is by now; what came meanwhile is', () => {
  expect(news({ at: 0, packets: 3 }, { at: 59, packets: 3, age: 59 * 60 + 20 })).toEqual([3, 0])
  expect(news({ at: 0, packets: 3 }, { at: 59, packets: 4 })).toEqual([3, 1])
})

test('what was forgotten meanwhile is all new, with as many packets as before, fewer or more', () => {
  // An hour behind its last packet it is forgotten; by ages that are some seconds wrong a little sooner.
  for (const packets of [3, 2, 7])
    expect(news({ at: 0, packets: 3, age: 30 }, { at: 60, packets })).toEqual([3, packets])
  expect(news({ at: 0, packets: 3 }, { at: 59.9, packets: 3 })).toEqual([3, 3])
})
