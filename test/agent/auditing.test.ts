import { expect, test } from 'vitest'
import { createAuditing } from '../../src/agent/auditing.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { clusterOf, policy } from '../oracle/make-objects.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** An agent whose clock and generation are ours, and what it asks for. */
function auditingOf({ asks = true, observe = false, established = 'rejudge' as 'rejudge' | 'keep' }) {
  const state = { at: 0, generation: 5, asks, asked: [] as number[] }
  const auditing = createAuditing({
    now: () => state.at,
    engine: { audited: () => [], asksAny: () => state.asks },
    ruleset: { established, observe },
    rejudgeSoon: () => state.asked.push(state.at / MINUTE),
    generation: () => state.generation,
  })
  /** Ticks each minute; `judges`: what it asks for is done. */
  const pass = (minutes: number, judges = true): readonly number[] => {
    const before = state.asked.length
    for (let one = 0; one < minutes; one += 1) {
      state.at += MINUTE
      const asked = state.asked.length
      auditing.tick()
      if (judges && state.asked.length > asked) state.generation += 1
    }
    return state.asked.slice(before)
  }
  return { auditing, state, pass }
}

test('while anything is audited, live flows are judged at the start, and twice in the hour in which the kernel forgets', () => {
  const { auditing, state, pass } = auditingOf({})
  auditing.settled()
  state.generation += 1
  expect(state.asked).toEqual([0])
  expect(pass(60)).toEqual([31])
  expect(auditing.window.since).toBe(MINUTE)
})

test('a generation that nobody applied counts from when it began: the next judgement is half an hour behind it', () => {
  const { auditing, state, pass } = auditingOf({})
  auditing.settled()
  state.generation += 1
  pass(20)
  // As a sign of life does, where the hold had opened.
  state.generation += 1
  expect(pass(30)).toEqual([])
  expect(pass(1)).toEqual([51])
})

test('what is observed is judged again twice a day, unless a change did so meanwhile', () => {
  const { auditing, state, pass } = auditingOf({ asks: false, observe: true })
  auditing.settled()
  expect(pass(12 * 60 - 1)).toEqual([])
  state.generation += 1
  expect(pass(12 * 60)).toEqual([])
  expect(pass(1)).toEqual([24 * 60])
})

test.each([
  ['nothing is audited or observed', { asks: false }],
  ['live flows keep what they have', { observe: true, established: 'keep' as const }],
])('nothing is judged again where %s', (_where, given) => {
  const { auditing, pass } = auditingOf(given)
  auditing.settled()
  expect(pass(25 * 60)).toEqual([])
})

test('a table that was built anew ends the window, and one that begins with it is told from there', () => {
  const { auditing, state, pass } = auditingOf({})
  auditing.settled()
  state.generation += 1
  pass(10)
  state.at = HOUR
  state.generation += 1
  auditing.applied({ ok: true, reason: 'rebuild' })
  expect(auditing.window).toMatchObject({ since: HOUR, because: 'the table was built or repaired' })
})

test('a change that the kernel refused ends the window: a pod that it brought is not asked of', () => {
  const { auditing, state, pass } = auditingOf({})
  auditing.settled()
  state.generation += 1
  pass(10)
  auditing.applied({ ok: false, reason: 'changes' })
  expect(auditing.window).toMatchObject({ since: undefined, because: 'the kernel refused a change' })
  // Also where a number is given out meanwhile, as for the hold.
  state.generation += 1
  expect(pass(1, false)).toEqual([11])
  expect(auditing.window.since).toBeUndefined()
  auditing.applied({ ok: false, reason: 'rebuild' })
  expect(auditing.window.since).toBeUndefined()
  state.generation += 1
  auditing.applied({ ok: true, reason: 'rebuild' })
  expect(auditing.window.since).toBe(11 * MINUTE)
  // Nor does it begin where nobody is asked any more.
  state.asks = false
  auditing.applied({ ok: false, reason: 'changes' })
  pass(1)
  expect(auditing.window.since).toBeUndefined()
  // What was refused may be found in the kernel all the same.
  auditing.settled()
  expect(auditing.window.since).toBe(12 * MINUTE)
})

test('a loss ends the window, also where a generation that began before it has not been noticed yet', () => {
  const { auditing, state } = auditingOf({})
  auditing.settled()
  // Nobody applied it, as behind a lapse of the hold.
  state.generation += 1
  auditing.window.broken('3 packets found no room in the kernel')
  auditing.tick()
  expect(auditing.window.since).toBeUndefined()
})

test('where nobody is asked the window begins when the first truth is applied, whatever generation stands, and again behind each break', () => {
  const { auditing, pass } = auditingOf({ asks: false })
  auditing.tick()
  expect(auditing.window.since).toBeUndefined()
  auditing.settled()
  expect(auditing.window.since).toBe(0)
  pass(10)
  // An element was added again, and no right was taken.
  auditing.applied({ ok: true, reason: 'drift' })
  expect(auditing.window.since).toBeUndefined()
  auditing.settled()
  expect(auditing.window).toMatchObject({ since: 10 * MINUTE, because: 'the table was built or repaired' })
  auditing.window.broken('the kernel could not be read')
  expect(pass(1)).toEqual([])
  expect(auditing.window.since).toBe(11 * MINUTE)
})

test('a pod to ask of that comes later is asked of its live flows by its own generation, and again half an hour later', () => {
  const { auditing, state, pass } = auditingOf({ asks: false })
  auditing.settled()
  pass(10)
  state.asks = true
  state.generation += 1
  auditing.applied({ ok: true, reason: 'changes' })
  auditing.settled()
  expect(auditing.window.since).toBe(0)
  expect(pass(29)).toEqual([])
  expect(pass(1)).toEqual([40])
  // While it is there a break wants live flows judged once more.
  auditing.window.broken('the kernel could not be read')
  expect(pass(1, false)).toEqual([41])
  expect(auditing.window.since).toBeUndefined()
  expect(pass(1)).toEqual([42])
  pass(1)
  expect(auditing.window.since).toBe(43 * MINUTE)
})

test('where nothing is audited any more, the sets of those that were have gone', () => {
  let gone = 0
  let audited = decodeCluster(clusterOf(policy('shop/db', { podSelector: {} }))).filter(
    (one) => one.kind === 'NetworkPolicy',
  )
  const auditing = createAuditing({
    now: () => 0,
    engine: { audited: () => audited, asksAny: () => false },
    ruleset: { established: 'rejudge', observe: false },
    rejudgeSoon: () => undefined,
    generation: () => 1,
    setsGone: () => (gone += 1),
  })
  auditing.settled()
  expect(gone).toBe(0)
  audited = []
  auditing.settled()
  auditing.settled()
  expect(gone).toBe(1)
})
