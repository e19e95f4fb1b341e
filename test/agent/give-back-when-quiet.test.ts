import { expect, test } from 'vitest'
import { createGiveBackWhenQuiet } from '../../src/agent/give-back-when-quiet.ts'

function keeper() {
  const state = { at: 0, bytes: 100, given: [] as number[] }
  const memory = createGiveBackWhenQuiet({
    clock: () => state.at,
    resident: () => state.bytes,
    giveBack: () => {
      state.given.push(state.at)
      state.bytes = 100
    },
  })
  /** Seconds, in each of which an event may come that leaves so many bytes. */
  const pass = (seconds: number, leaves = 0): void => {
    for (let second = 0; second < seconds; second += 1) {
      state.at += 1000
      if (leaves > 0) {
        state.bytes += leaves
        memory.busy()
      }
      memory.tick()
    }
  }
  return { state, memory, pass }
}

test('five seconds behind a burst what it left is given back, once', () => {
  const { state, memory, pass } = keeper()
  memory.now()
  pass(30, 5)
  expect(state.given).toEqual([0])
  pass(60)
  expect(state.given).toEqual([0, 35_000])
})

test('not for little, not while there is work, and not before everything has been read', () => {
  const { state, memory, pass } = keeper()
  pass(10, 50)
  pass(60)
  expect(state.given).toEqual([])
  memory.now()
  pass(1, 9)
  pass(60)
  expect(state.given).toEqual([70_000])
  // What came to little stays until more has come to it.
  pass(1, 9)
  pass(60)
  expect(state.given).toEqual([70_000, 137_000])
})
