import { expect, test } from 'vitest'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createFoldedBook } from '../../src/agent/folded-book.ts'
import { flowRecord } from '../denied/flow-record.ts'
import { madePod } from '../engine/made-pods.ts'

function bookAt() {
  let milliseconds = 1_000_000
  const owners = new Map<string, Pod>()
  const book = createFoldedBook(() => milliseconds, { ownerAt: (address) => owners.get(address) })
  return { book, owners, pass: (seconds: number) => (milliseconds += seconds * 1000) }
}

const scan = (source: string, ports: number, destinations = 1): readonly FlowRecord[] =>
  Array.from({ length: ports * destinations }, (_, index) =>
    flowRecord(source, `10.9.${(index % destinations) >> 8}.${(index % destinations) & 255}`, {
      protocol: 'TCP',
      port: 1 + Math.floor(index / destinations),
    }),
  )

test('a source has one row: how many flows, ports and addresses, all packets, and when', () => {
  const { book, pass } = bookAt()
  const scanned = scan('10.0.0.1', 300, 2).map((flow, index) => ({ ...flow, age: index === 0 ? 3 : 10 }))
  expect(book.add(scanned)).toEqual([{ source: '10.0.0.1', from: undefined }])
  pass(60)
  expect(book.add(scan('10.0.0.1', 500))).toEqual([])
  pass(5)
  expect(book.rows('allowed')).toEqual([])
  expect(book.rows('denied')).toEqual([
    {
      fate: 'denied',
      source: '10.0.0.1',
      from: undefined,
      flows: 1100,
      ports: 500,
      addresses: 2,
      packets: 1100,
      lastAt: 1_060_000,
      firstAt: 990_000,
    },
  ])
})

test('what a pod has scanned is not told of the next one with its address', () => {
  const { book, owners } = bookAt()
  const before = madePod({ name: 'scanner', address: '10.0.0.1' })
  const after = madePod({ name: 'db', address: '10.0.0.1' })
  owners.set('10.0.0.1', before)
  book.add(scan('10.0.0.1', 300))
  owners.set('10.0.0.1', after)
  expect(book.add(scan('10.0.0.1', 2))).toEqual([{ source: '10.0.0.1', from: after }])
  expect(book.rows('denied').map(({ from, flows }) => [from, flows])).toEqual([
    [before, 300],
    [after, 2],
  ])
})

test('60,000 ports are told apart; a source that is quiet for an hour is forgotten', () => {
  const { book, pass } = bookAt()
  book.add(scan('10.0.0.1', 60_000))
  expect(book.rows('denied')).toMatchObject([{ ports: 60_000 }])
  pass(3601)
  expect(book.rows('denied')).toEqual([])
})

test('of more than 256 sources the one that has been quiet for the longest goes', () => {
  const { book } = bookAt()
  const name = (index: number) => `10.0.${index >> 8}.${index & 255}`
  for (let index = 0; index < 256; index += 1) book.add(scan(name(index), 1))
  book.add(scan(name(0), 1))
  book.add(scan('10.1.0.0', 1))
  const left = book.rows('denied').map(({ source }) => source)
  expect(left).toHaveLength(256)
  expect(left).not.toContain(name(1))
  expect(left).toContain(name(0))
})
