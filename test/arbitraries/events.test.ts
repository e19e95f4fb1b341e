import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawObject } from '../oracle/raw-cluster.ts'
import { numRuns } from '../support/runs.ts'
import { clusters } from './clusters.ts'
import { type Event, events, keyOf } from './events.ts'

const histories = clusters().chain((cluster) => fc.tuple(fc.constant(cluster), events(cluster)))

function keyOfEvent(event: Event): string {
  const { kind, namespace, name } = event.type === 'put' ? keyOf(event.object) : event
  return `${kind} ${namespace}/${name}`
}

/** What is there after a history. */
function replay(history: readonly Event[]): ReadonlyMap<string, RawObject> {
  const objects = new Map<string, RawObject>()
  for (const event of history) {
    if (event.type === 'put') objects.set(keyOfEvent(event), event.object)
    else objects.delete(keyOfEvent(event))
  }
  return objects
}

test('a history ends in the objects of its cluster', () => {
  fc.assert(
    fc.property(histories, ([cluster, history]) => {
      const expected = [...cluster.pods, ...cluster.namespaces, ...cluster.policies]
      const final = replay(history)
      expect(final.size).toBe(expected.length)
      for (const object of expected) expect(final.get(keyOfEvent({ type: 'put', object }))).toBe(object)
    }),
    { numRuns: numRuns(200) },
  )
})

test('every kind of event comes often: earlier versions, duplicates, removals, returns, removals of the unknown', () => {
  const counts = { versions: 0, duplicates: 0, removals: 0, returns: 0, unknown: 0 }
  const sample = fc.sample(histories, { numRuns: 100, seed: 1 })
  for (const [, history] of sample) {
    const present = new Map<string, RawObject>()
    const gone = new Set<string>()
    for (const event of history) {
      const key = keyOfEvent(event)
      const before = present.get(key)
      if (event.type === 'put') {
        if (before === event.object) counts.duplicates += 1
        else if (before) counts.versions += 1
        else if (gone.has(key)) counts.returns += 1
        present.set(key, event.object)
      } else {
        if (before) counts.removals += 1
        else counts.unknown += 1
        gone.add(key)
        present.delete(key)
      }
    }
  }
  expect(Object.entries(counts).filter(([, count]) => count < sample.length)).toEqual([])
})

test('histories do not keep to one order of kinds', () => {
  const sample = fc.sample(histories, { numRuns: 100, seed: 1 })
  const first = new Set(sample.map(([, history]) => keyOfEvent(history[0] as Event).split(' ')[0]))
  expect(first).toEqual(new Set(['Pod', 'Namespace', 'NetworkPolicy']))
})
