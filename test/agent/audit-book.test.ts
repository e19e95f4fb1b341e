import { expect, test } from 'vitest'
import type { Address } from '../../compiler/addresses/address.ts'
import { createAskedGrowth } from '../../src/agent/grown-asked.ts'
import { createAuditBook } from '../../src/agent/audit-book.ts'
import type { AskedFlow } from '../../src/kernel/read-would.ts'
import { madePod } from '../engine/made-pods.ts'

const address = (last: number): Address => ({ family: 'IPv4', value: 0x0a_f4_00_00n + BigInt(last) })

const POD = madePod({ name: 'web', address: '10.244.0.1' })

const ONES = { ownerAt: () => POD }

const ALL_TOLD = { forgot: false, ofNobody: [] }

/** So many flows from one pod to another, each to a port of its own from `first` on. */
function flowsOf(first: number, count: number, packets = 1): readonly AskedFlow[] {
  return Array.from({ length: count }, (_, index) => ({
    source: address(1),
    destination: address(2 + Math.floor((first + index) / 60_000)),
    carries: { protocol: 'TCP', port: 1 + ((first + index) % 60_000) },
    direction: 'ingress' as const,
    fate: 'allowed' as const,
    directed: true,
    packets,
    age: 0,
  }))
}

test('what is one too many takes the place of what was seen longest ago, and is told once', () => {
  let at = 0
  const growth = createAskedGrowth(() => at)
  const book = createAuditBook(() => at, ONES)
  for (let first = 0; first < 16_384; first += 4096) {
    at += 1000
    expect(book.take(growth.take(flowsOf(first, 4096)))).toEqual(ALL_TOLD)
  }
  at += 1000
  expect(book.take(growth.take(flowsOf(20_000, 1)))).toEqual({ forgot: true, ofNobody: [] })
  const ports = book.flows().map(({ carries }) => ('port' in carries ? carries.port : 0))
  expect(ports).toHaveLength(8193)
  expect(Math.min(...ports)).toBe(8193)
  expect(ports).toContain(20_001)
  expect(book.take(growth.take(flowsOf(20_001, 4096)))).toEqual(ALL_TOLD)
})

test('packets are added up over readings, and over a count that began anew', () => {
  const growth = createAskedGrowth(() => 0)
  const book = createAuditBook(() => 0, ONES)
  for (const packets of [3, 5, 5, 2]) book.take(growth.take(flowsOf(0, 1, packets)))
  expect(book.flows().map(({ packets }) => packets)).toEqual([7])
})

test('what came of a pod that nobody knows any more is told and not kept; of an unknown peer it is', () => {
  let at = 0
  const growth = createAskedGrowth(() => at)
  const book = createAuditBook(() => at, { ownerAt: (text) => (text === '10.244.0.1' ? POD : undefined) })
  const [toNobody] = flowsOf(80, 1, 3)
  if (toNobody === undefined) throw new Error('no flow')
  const ofOne = { ...toNobody, direction: 'egress' as const }
  at = 60_000
  expect(book.take(growth.take([{ ...toNobody, age: 20 }, ofOne]))).toEqual({
    forgot: false,
    ofNobody: [{ packets: 3, lastAt: 40_000 }],
  })
  expect(book.flows()).toMatchObject([{ direction: 'egress', from: POD, to: undefined, packets: 3 }])
  const ofNobody = { ...ofOne, source: address(9), destination: address(1), packets: 2 }
  expect(book.take(growth.take([ofNobody])).ofNobody).toEqual([{ packets: 2, lastAt: 60_000 }])
})
