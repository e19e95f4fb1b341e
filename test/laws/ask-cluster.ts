import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import { decodePodHost } from '../../compiler/objects/decode-pod-host.ts'
import type { Fields } from '../../compiler/objects/read-fields.ts'
import type { OtherObject } from '../../compiler/objects/read-objects.ts'
import type { RawCluster, RawNode, RawService } from '../oracle/raw-cluster.ts'
import { decodeRaw } from './decode-cluster.ts'

/** A raw cluster as people's commands have it: with Nodes and Services, and with what pods say of their nodes. */
export function askedCluster(raw: RawCluster, services: readonly RawService[] = []): Cluster {
  const objects = [...raw.namespaces, ...raw.pods, ...raw.policies].flatMap((one) => {
    const object = decodeRaw(one)
    if (object === undefined) return []
    return object.kind === 'Pod' ? decodePodHost(object, one as unknown as Fields) : object
  })
  return createCluster(objects, [...(raw.nodes ?? []), ...services].map(otherOf))
}

function otherOf(raw: RawNode | RawService): OtherObject {
  const namespace = raw.kind === 'Node' ? '' : (raw.metadata.namespace ?? 'default')
  return { kind: raw.kind, namespace, name: raw.metadata.name, value: raw as unknown as Fields }
}
