import { expect, test } from 'vitest'
import { NO_RECORDS } from '../../compiler/nftables/flow-record.ts'
import { createFlowBook } from '../../src/agent/flow-book.ts'
import { flowRecord } from '../denied/flow-record.ts'

const flow = (port: number, packets = 1, age = 0) => ({
  ...flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'TCP', port }),
  packets,
  age,
})

function bookAt() {
  let milliseconds = 1_000_000
  const book = createFlowBook('node-1', () => milliseconds)
  const take = (...flows: readonly ReturnType<typeof flow>[]) => book.take('denied', { ...NO_RECORDS, flows })
  const told = () =>
    book
      .flows('denied')
      .map(({ carries, packets, lastAge, firstAge }) =>
        [Object.values(carries).join(' '), packets, `${firstAge}s`, `${lastAge}s`].join(', '),
      )
  return { book, take, told, wait: (seconds: number) => (milliseconds += seconds * 1000) }
}

test('a flow is known since it was first read, or since its last packet where that is longer', () => {
  const { take, told, wait } = bookAt()
  expect(take(flow(80, 3, 20))).toHaveLength(1)
  wait(30)
  expect(take(flow(80, 5, 2), flow(81))).toHaveLength(1)
  expect(told()).toEqual(['TCP 80, 5, 50s, 2s', 'TCP 81, 1, 0s, 0s'])
  take()
  expect(told()).toEqual([])
})

test('what stood in a table that is built anew is kept, and goes on where it comes again', () => {
  const { book, take, told, wait } = bookAt()
  take(flow(80, 3), flow(81, 2))
  book.keep()
  expect(told()).toEqual(['TCP 80, 3, 0s, 0s', 'TCP 81, 2, 0s, 0s'])
  wait(10)
  expect(take(flow(80, 4))).toEqual([])
  expect(told()).toEqual(['TCP 80, 7, 10s, 0s', 'TCP 81, 2, 10s, 10s'])
  book.keep()
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
