import type { Change } from '../../compiler/engine/change.ts'
import { type Event, keyOf } from '../arbitraries/events.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'
import { decodeRaw } from './decode-cluster.ts'

/** What the engine hears of a history; what cannot be decoded at all is left out, as everywhere but in {@link surePut}. */
export function changesOf(history: readonly Event[]): readonly Change[] {
  return history.flatMap((event) => (event.type === 'remove' ? [event] : putOf(event.object)))
}

/** Everything in a cluster that the engine is told of. */
export function objectsOf(cluster: RawCluster): readonly RawObject[] {
  return [...cluster.namespaces, ...cluster.pods, ...cluster.policies]
}

/** That an object is as it is now. */
export function putOf(raw: unknown): readonly Change[] {
  const object = decodeRaw(raw)
  return object === undefined ? [] : [{ type: 'put', object }]
}

export function putsOf(objects: readonly unknown[]): readonly Change[] {
  return objects.flatMap((raw) => putOf(raw))
}

/** The same of one that a test wrote so that it can be decoded. */
export function surePut(raw: unknown): Change {
  const [change] = putOf(raw)
  if (change === undefined) throw new Error(`it cannot be decoded: ${JSON.stringify(raw)}`)
  return change
}

/** That those are gone which are not there any more. */
export function goneBetween(before: readonly RawObject[], after: readonly RawObject[]): readonly Change[] {
  const kept = new Set(after.map((raw) => JSON.stringify(keyOf(raw))))
  return before
    .map(keyOf)
    .filter((key) => !kept.has(JSON.stringify(key)))
    .map((key) => ({ type: 'remove', ...key }))
}
