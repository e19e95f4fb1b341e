import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { decodeObject } from '../../compiler/objects/decode-object.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'

const internLabels = createLabelInterner()

/** A raw object as the engine takes it; undefined when nothing of it can be used. */
export function decodeRaw(raw: unknown): ClusterObject | undefined {
  return decodeObject(raw, {
    internLabels,
    report: () => undefined,
    place: () => undefined,
    defaultNamespace: 'default',
  })
}

/** All objects of a cluster, decoded. */
export function decodeCluster(cluster: RawCluster): readonly ClusterObject[] {
  const raw: readonly unknown[] = [...cluster.namespaces, ...cluster.pods, ...cluster.policies]
  return raw.flatMap((object) => decodeRaw(object) ?? [])
}
