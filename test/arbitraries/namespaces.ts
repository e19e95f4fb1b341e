import fc from 'fast-check'
import type { RawNamespace } from '../oracle/raw-cluster.ts'
import { type LabelUniverse, labels, NAMESPACE_LABELS } from './labels.ts'

/** One is the beginning of another: names put together without a separator would mix them up. */
export const NAMESPACE_NAMES = ['shop', 'shop-db', 'web', 'ops'] as const

/** What a namespaceSelector can ask for: labels of the universe, and the name that every namespace carries. */
export const SELECTABLE_NAMESPACE_LABELS: LabelUniverse = {
  ...NAMESPACE_LABELS,
  'kubernetes.io/metadata.name': NAMESPACE_NAMES,
}

/** The namespace that something lives in; mostly one, so that policies and pods meet. */
export const namespaceName: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('shop') },
  { weight: 2, arbitrary: fc.constant('web') },
  { weight: 1, arbitrary: fc.constant('shop-db') },
  { weight: 1, arbitrary: fc.constant('ops') },
)

/** One declared namespace; its own name as label is written out in half of the cases, as the API server does. */
export function namespaceNamed(name: string): fc.Arbitrary<RawNamespace> {
  return fc.tuple(labels(NAMESPACE_LABELS), fc.boolean()).map(([own, written]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: written ? { ...own, 'kubernetes.io/metadata.name': name } : own },
  }))
}

/** Some of the namespaces, declared; the others are in use all the same. */
export const namespaces: fc.Arbitrary<readonly RawNamespace[]> = fc
  .tuple(
    fc.tuple(...NAMESPACE_NAMES.map(namespaceNamed)),
    fc.shuffledSubarray([...NAMESPACE_NAMES.keys()], { minLength: 1 }),
  )
  .map(([all, declared]) => declared.flatMap((index) => all[index] ?? []))
