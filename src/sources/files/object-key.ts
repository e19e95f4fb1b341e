import type { Change } from '../../../compiler/engine/change.ts'
import { podKey } from '../../../compiler/objects/pod-name.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'

/** `kind namespace/name`, as diagnostics name objects: `Deployment shop/web` for the pod that stands for one. */
export function objectKey(object: ClusterObject): string {
  switch (object.kind) {
    case 'Namespace':
      return `Namespace ${object.name}`
    case 'Pod':
      return `${object.standIn ? (object.workload?.kind ?? 'Pod') : 'Pod'} ${object.namespace}/${object.name}`
    case 'NetworkPolicy':
      return `NetworkPolicy ${object.namespace}/${object.name}`
  }
}

/** The event that an object is gone. A pod that stands for a workload is named as the engine knows it: by podKey. */
export function removalOf(object: ClusterObject): Change {
  const namespace = object.kind === 'Namespace' ? '' : object.namespace
  const name = object.kind === 'Pod' ? podKey(object).slice(namespace.length + 1) : object.name
  return { type: 'remove', kind: object.kind, namespace, name }
}
