import { expect, test } from 'vitest'
import { NO_RECORDS } from '../../compiler/nftables/flow-record.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createFlowBook } from '../../src/agent/flow-book.ts'
import { createToldFlow } from '../../src/agent/told-flow.ts'
import { flowRecord } from '../denied/flow-record.ts'
import { madePod } from '../engine/made-pods.ts'

const flow = (port: number, packets = 1, age = 0) => ({
  ...flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'TCP', port }),
  packets,
  age,
})

function bookAt() {
  let milliseconds = 1_000_000
  const owners = new Map<string, Pod>()
  const now = () => milliseconds
  const book = createFlowBook(now, { ownerAt: (address) => owners.get(address) })
  const take = (...flows: readonly ReturnType<typeof flow>[]) => book.take('denied', { ...NO_RECORDS, flows })
  const tell = createToldFlow('node-1', now, (address) => owners.get(address))
  const told = () =>
    book
      .flows('denied')
      .map(tell.flow)
      .map(({ carries, packets, lastAge, firstAge, formerSource }) =>
        [
          Object.values(carries).join(' '),
          packets,
          `${firstAge}s`,
          `${lastAge}s`,
          ...(formerSource === undefined ? [] : [formerSource.name]),
        ].join(', '),
      )
  const own = (name: string): void => void owners.set('10.0.0.1', madePod({ name, address: '10.0.0.1' }))
  return { book, owners, own, take, told, wait: (seconds: number) => (milliseconds += seconds * 1000) }
}

test('a flow is known since it was first read, or since its last packet where that is longer', () => {
  const { take, told, wait } = bookAt()
  expect(take(flow(80, 3, 20))).toHaveLength(1)
  wait(30)
  expect(take(flow(80, 5, 2), flow(81))).toHaveLength(1)
  expect(told()).toEqual(['TCP 80, 5, 50s, 2s', 'TCP 81, 1, 0s, 0s'])
  // Somebody has emptied the sets: what was denied was denied.
  take()
  expect(told()).toEqual(['TCP 80, 5, 50s, 2s', 'TCP 81, 1, 0s, 0s'])
})

test('what stood in a table that is built anew is kept, and goes on where it comes again', () => {
  const { book, take, told, wait } = bookAt()
  take(flow(80, 3), flow(81, 2))
  book.tableIsNew()
  expect(told()).toEqual(['TCP 80, 3, 0s, 0s', 'TCP 81, 2, 0s, 0s'])
  wait(10)
  expect(take(flow(80, 4))).toEqual([])
  expect(told()).toEqual(['TCP 80, 7, 10s, 0s', 'TCP 81, 2, 10s, 10s'])
  book.tableIsNew()
  wait(5)
  take(flow(80, 1))
  expect(told()).toEqual(['TCP 80, 8, 15s, 0s', 'TCP 81, 2, 15s, 15s'])
  wait(3_590)
  expect(told()).toEqual(['TCP 80, 8, 3605s, 3590s'])
})

test('what the kernel has forgotten meanwhile is told no more, though nothing was read since', () => {
  const { book, take, told, wait } = bookAt()
  take(flow(80, 3, 100), flow(81))
  wait(3_550)
  expect(told()).toEqual(['TCP 81, 1, 3550s, 3550s'])
  expect(book.count('denied')).toBe(1)
})

test('what an address had when it went to another pod stays with the one that had it, and the kernel is to count anew', () => {
  const { book, own, owners, take, told, wait } = bookAt()
  own('before')
  take(flow(80, 3), flow(81, 2))
  expect(told()).toEqual(['TCP 80, 3, 0s, 0s', 'TCP 81, 2, 0s, 0s'])
  owners.delete('10.0.0.1')
  expect(told()).toEqual(['TCP 80, 3, 0s, 0s, before', 'TCP 81, 2, 0s, 0s, before'])
  // Nobody else has it: whoever calls it still means the one that is gone.
  expect(book.handedOver('denied')).toEqual([])
  wait(30)
  own('after')
  expect(take(flow(80, 7), flow(81, 2, 30))).toHaveLength(1)
  const both = ['TCP 80, 3, 30s, 30s, before', 'TCP 81, 2, 30s, 30s, before', 'TCP 80, 4, 0s, 0s']
  expect(told()).toEqual(both)
  // The other one stands there with nothing but what the first pod did.
  const handed = book.handedOver('denied')
  expect(handed.map(({ carries }) => carries)).toEqual([{ protocol: 'TCP', port: 81 }])
  book.takenOut('denied', handed)
  expect(book.handedOver('denied')).toEqual([])
  expect(told()).toEqual(both)
  take(flow(80, 7), flow(81, 2))
  expect(told()).toEqual([...both, 'TCP 81, 2, 0s, 0s'])
})

test('what was noted before its pod was heard of is one row with what comes after', () => {
  const { own, take, told } = bookAt()
  take(flow(80, 3))
  own('late')
  take(flow(80, 5))
  expect(told()).toEqual(['TCP 80, 5, 0s, 0s'])
})

test('flows that are folded are told no more; what their address did before is', () => {
  const { book, own, take, told } = bookAt()
  own('before')
  take(flow(80, 3))
  own('scanner')
  const scanned = [flow(80, 4), flow(81)]
  take(...scanned)
  book.takenOut('denied', scanned, 'otherwise')
  expect(told()).toEqual(['TCP 80, 3, 0s, 0s, before'])
  expect(book.count('denied')).toBe(0)
})

test('rows that no kernel bounds are bounded: the oldest half goes', () => {
  const { book, take, wait } = bookAt()
  for (let table = 0; table < 6; table += 1) {
    take(...Array.from({ length: 3_000 }, (_, index) => flow(1 + table * 3_000 + index)))
    book.tableIsNew()
    wait(1)
  }
  const ports = book.flows('denied').map(({ carries }) => ('port' in carries ? carries.port : 0))
  expect(ports.length).toBeLessThanOrEqual(16_384)
  expect(ports).toContain(18_000)
  expect(ports).not.toContain(1)
})

test('what was counted by pod, noted or not, goes on over tables', () => {
  const { book } = bookAt()
  const address = flow(80).source
  const count = (packets: number) =>
    book.take('denied', {
      flows: [],
      totals: [{ address, direction: 'ingress', packets }],
      lost: [{ address, packets }],
    })
  count(3)
  book.tableIsNew()
  book.tableIsNew()
  count(2)
  count(4)
  expect(book.totals()).toEqual([{ address: '10.0.0.1', direction: 'ingress', packets: 7 }])
  expect(book.lost()).toEqual([{ address: '10.0.0.1', packets: 7 }])
})
