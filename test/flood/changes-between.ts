import type { Change } from '../../compiler/engine/change.ts'
import { keyOf } from '../arbitraries/events.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'

/** The batch that makes a cluster into another: what is gone is removed first, what is new or differs is put. */
export function changesBetween(before: RawCluster, after: RawCluster): readonly Change[] {
  const old = byKey(before)
  const now = byKey(after)
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, object]) => object)
  const put = [...now].filter(([key, object]) => JSON.stringify(old.get(key)) !== JSON.stringify(object))
  return [
    ...gone.map((object): Change => ({ type: 'remove', ...keyOf(object) })),
    ...put.map(([, object]) => putOf(object)),
  ]
}

/** The change that puts a raw object. Throws when nothing of it can be used: the tests write none such. */
export function putOf(raw: RawObject): Change {
  const object = decodeRaw(raw)
  if (object === undefined) throw new Error(`${raw.kind} ${raw.metadata.name} cannot be decoded`)
  return { type: 'put', object }
}

function byKey({ namespaces, pods, policies }: RawCluster): ReadonlyMap<string, RawObject> {
  return new Map([...namespaces, ...pods, ...policies].map((object) => [JSON.stringify(keyOf(object)), object]))
}
