import fc from 'fast-check'
import { type ObjectKey, keyOf } from '../arbitraries/events.ts'
import { type LabelUniverse, labels, NAMESPACE_LABELS, POD_LABELS } from '../arbitraries/labels.ts'
import { namespaceName, NAMESPACE_NAMES, namespaceNamed } from '../arbitraries/namespaces.ts'
import { whole } from '../arbitraries/optional.ts'
import { podNamed } from '../arbitraries/pods.ts'
import { policyNamed } from '../arbitraries/policies.ts'
import type { RawCluster, RawLabels, RawObject } from '../oracle/raw-cluster.ts'
import type { ApiObjects } from './api-objects.ts'

/**
 * Something that is done to the cluster. `any` picks one of what stands when it is done, modulo their number; nothing of
 * that kind standing, nothing is done.
 */
export type Operation =
  | { readonly type: 'put'; readonly object: RawObject }
  | { readonly type: 'relabel'; readonly kind: 'Pod' | 'Namespace'; readonly any: number; readonly labels: RawLabels }
  | { readonly type: 'phase'; readonly any: number; readonly phase: string }
  | { readonly type: 'terminate'; readonly any: number }
  | { readonly type: 'remove'; readonly kind: 'Pod' | 'NetworkPolicy'; readonly any: number }
  | { readonly type: 'renew'; readonly namespace: string; readonly labels: RawLabels }

const any = fc.nat({ max: 997 })
const podName = fc.constantFrom('a-0', 'a-1', 'b-0', 'b-1', 'db-a', 'x')
const policyName = fc.constantFrom('allow', 'db-allow', 'deny', 'p-1', 'p-2')

const pod = fc
  .tuple(namespaceName, podName, fc.nat({ max: 9 }))
  .chain(([namespace, name, index]) => podNamed(namespace, name, index))
const policy = fc.tuple(namespaceName, policyName).chain(([namespace, name]) => policyNamed(namespace, name))

/** Every key of the universe, null where the label is to go: the merge patch that makes these the labels. */
function everyLabel(universe: LabelUniverse): fc.Arbitrary<RawLabels> {
  const none = Object.fromEntries(Object.keys(universe).map((key) => [key, null]))
  return labels(universe).map((some) => ({ ...none, ...some }) as RawLabels)
}

/** One operation; about a third make or change policies, a third pods, a third what stands around them. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: put(pod) },
  { weight: 6, arbitrary: put(policy) },
  { weight: 3, arbitrary: relabel('Pod', POD_LABELS) },
  { weight: 2, arbitrary: relabel('Namespace', NAMESPACE_LABELS) },
  {
    weight: 2,
    arbitrary: whole({ type: fc.constant('phase'), any, phase: fc.constantFrom('Running', 'Succeeded', 'Failed') }),
  },
  { weight: 1, arbitrary: whole({ type: fc.constant('terminate'), any }) },
  { weight: 3, arbitrary: whole({ type: fc.constant('remove'), kind: fc.constantFrom('Pod', 'NetworkPolicy'), any }) },
  {
    weight: 1,
    arbitrary: whole({
      type: fc.constant('renew'),
      namespace: fc.constantFrom(...NAMESPACE_NAMES),
      labels: everyLabel(NAMESPACE_LABELS),
    }),
  },
)

/** The namespaces as they stand before the first operation. */
export const namespacesAtFirst = fc.tuple(...NAMESPACE_NAMES.map(namespaceNamed))

function put(object: fc.Arbitrary<RawObject>): fc.Arbitrary<Operation> {
  return whole({ type: fc.constant('put'), object })
}

function relabel(kind: 'Pod' | 'Namespace', universe: LabelUniverse): fc.Arbitrary<Operation> {
  return whole({ type: fc.constant('relabel'), kind: fc.constant(kind), any, labels: everyLabel(universe) })
}

/** Does it to the cluster that stands; true when something was done. Throws ApiRefusal when the API server says no. */
export async function perform(objects: ApiObjects, operation: Operation): Promise<boolean> {
  const standing = await objects.snapshot()
  switch (operation.type) {
    case 'put': {
      const { object } = operation
      const key = keyOf(object)
      const stands = keysOf(standing, object.kind).some((one) => isSame(one, key))
      if (stands && object.kind !== 'Pod') await objects.replace(object)
      else {
        // A pod is made anew: neither its node nor its ports may change.
        if (stands) await objects.remove(key)
        await objects.create(object)
      }
      return true
    }
    case 'relabel':
      return onAny(keysOf(standing, operation.kind).filter(isOurs), operation.any, (key) =>
        objects.patch(key, { metadata: { labels: operation.labels } }),
      )
    case 'phase':
      return onAny(keysOf(standing, 'Pod'), operation.any, (key) =>
        objects.patchStatus(key, { phase: operation.phase }),
      )
    case 'terminate':
      return onAny(keysOf(standing, 'Pod'), operation.any, (key) => objects.remove(key, 600))
    case 'remove':
      return onAny(keysOf(standing, operation.kind), operation.any, (key) => objects.remove(key))
    case 'renew': {
      const { namespace, labels: own } = operation
      const within = (['NetworkPolicy', 'Pod'] as const).flatMap((kind) => keysOf(standing, kind))
      for (const key of within) if (key.namespace === namespace) await objects.remove(key)
      await objects.remove({ kind: 'Namespace', namespace: '', name: namespace })
      const kept = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null))
      await objects.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: kept } })
      return true
    }
  }
}

async function onAny(
  keys: readonly ObjectKey[],
  chosen: number,
  act: (key: ObjectKey) => Promise<void>,
): Promise<boolean> {
  const key = keys[chosen % keys.length]
  if (key === undefined) return false
  await act(key)
  return true
}

function keysOf({ pods, namespaces, policies }: RawCluster, kind: RawObject['kind']): readonly ObjectKey[] {
  const all: readonly RawObject[] = [...pods, ...namespaces, ...policies]
  return all.filter((object) => object.kind === kind).map(keyOf)
}

function isOurs({ kind, name }: ObjectKey): boolean {
  return kind !== 'Namespace' || NAMESPACE_NAMES.some((own) => own === name)
}

function isSame(left: ObjectKey, right: ObjectKey): boolean {
  return left.kind === right.kind && left.namespace === right.namespace && left.name === right.name
}
