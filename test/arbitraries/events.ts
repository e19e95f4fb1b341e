import fc from 'fast-check'
import { namespaceOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'
import { namespaceNamed } from './namespaces.ts'
import { whole } from './optional.ts'
import { podNamed } from './pods.ts'
import { policyNamed } from './policies.ts'

/** What a watch tells, stripped of versions: an object as it is now, or that it is gone. */
export type Event = { readonly type: 'put'; readonly object: RawObject } | ({ readonly type: 'remove' } & ObjectKey)

/** An object's identity; a Namespace has the namespace ''. */
export interface ObjectKey {
  readonly kind: RawObject['kind']
  readonly namespace: string
  readonly name: string
}

export function keyOf(object: RawObject): ObjectKey {
  const namespace = object.kind === 'Namespace' ? '' : namespaceOf(object)
  return { kind: object.kind, namespace, name: object.metadata.name }
}

/** Objects that come and go, or are only ever removed. */
const GHOSTS: readonly ObjectKey[] = [
  { kind: 'Pod', namespace: 'shop', name: 'ghost' },
  { kind: 'Namespace', namespace: '', name: 'ghost' },
  { kind: 'NetworkPolicy', namespace: 'shop', name: 'ghost' },
]

/**
 * A history that ends in the cluster: objects in any order, in earlier versions first, repeated, removed and back, mixed with
 * each other and with ghosts. Per object the order is kept, as a watch keeps it.
 */
export function events(cluster: RawCluster): fc.Arbitrary<readonly Event[]> {
  const objects: readonly RawObject[] = [...cluster.pods, ...cluster.namespaces, ...cluster.policies]
  const histories = [...objects.map(historyOf), ...GHOSTS.map(ghostHistory)]
  return fc.tuple(...histories).map((lists) =>
    lists
      .flat()
      .toSorted((left, right) => left.at - right.at)
      .map(({ event }) => event),
  )
}

interface Timed {
  readonly at: number
  readonly event: Event
}

/** Earlier versions and removals first; at the end the object itself: once, twice, or removed and back. */
function historyOf(object: RawObject): fc.Arbitrary<readonly Timed[]> {
  const last: Event = { type: 'put', object }
  const remove: Event = { type: 'remove', ...keyOf(object) }
  return timed(past(keyOf(object)), fc.constantFrom<readonly Event[]>([last], [last, last], [last, remove, last]))
}

function ghostHistory(key: ObjectKey): fc.Arbitrary<readonly Timed[]> {
  return timed(past(key), fc.constant([{ type: 'remove', ...key }]))
}

function past(key: ObjectKey): fc.Arbitrary<readonly Event[]> {
  const put = versionOf(key).map((object): Event => ({ type: 'put', object }))
  const remove = fc.constant<Event>({ type: 'remove', ...key })
  return fc.array(fc.oneof({ weight: 3, arbitrary: put }, { weight: 1, arbitrary: remove }), { maxLength: 3 })
}

/** Any object of that identity: other labels, another address, another node, another spec. */
function versionOf({ kind, namespace, name }: ObjectKey): fc.Arbitrary<RawObject> {
  switch (kind) {
    case 'Pod':
      return fc.nat({ max: 9 }).chain((index) => podNamed(namespace, name, index))
    case 'Namespace':
      return namespaceNamed(name)
    case 'NetworkPolicy':
      return policyNamed(namespace, name)
  }
}

/** Gives each event an instant; within one history they rise. */
function timed(
  past: fc.Arbitrary<readonly Event[]>,
  end: fc.Arbitrary<readonly Event[]>,
): fc.Arbitrary<readonly Timed[]> {
  const instants = fc.array(fc.nat({ max: 999 }), { minLength: 6, maxLength: 6 })
  return whole({ past, end, instants }).map((history) => {
    const rising = history.instants.toSorted((left, right) => left - right)
    return [...history.past, ...history.end].map((event, index) => ({ at: rising[index] ?? 999, event }))
  })
}
