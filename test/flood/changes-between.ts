import type { Change } from '../../compiler/engine/change.ts'
import { keyOf } from '../arbitraries/events.ts'
import { goneBetween, objectsOf, surePut } from '../laws/changes-of.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'

/** The batch that makes a cluster into another: what is gone is removed first, what is new or differs is put. */
export function changesBetween(before: RawCluster, after: RawCluster): readonly Change[] {
  const old = byKey(before)
  const now = byKey(after)
  const put = [...now].filter(([key, object]) => JSON.stringify(old.get(key)) !== JSON.stringify(object))
  return [...goneBetween(objectsOf(before), objectsOf(after)), ...put.map(([, object]) => surePut(object))]
}

function byKey(cluster: RawCluster): ReadonlyMap<string, RawObject> {
  return new Map(objectsOf(cluster).map((object) => [JSON.stringify(keyOf(object)), object]))
}
