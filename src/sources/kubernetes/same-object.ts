import { isDeepStrictEqual } from 'node:util'
import type { ClusterObject, NamedPort, Namespace, Pod } from '../../../compiler/objects/objects.ts'

/**
 * Nothing that policy can see differs. Most events are the kubelet's about a pod's status and end here, so pods are
 * compared field by field rather than by a general comparison (some fifty times slower).
 */
export function sameObject(left: ClusterObject, right: ClusterObject): boolean {
  switch (left.kind) {
    case 'Pod':
      return right.kind === 'Pod' && samePod(left, right)
    case 'Namespace':
      return right.kind === 'Namespace' && sameNamespace(left, right)
    case 'NetworkPolicy':
      return isDeepStrictEqual(left, right)
  }
}

function samePod(left: Pod, right: Pod): boolean {
  return (
    left.name === right.name &&
    left.namespace === right.namespace &&
    left.uid === right.uid &&
    left.labels.key === right.labels.key &&
    left.node === right.node &&
    left.hostNetwork === right.hostNetwork &&
    left.finished === right.finished &&
    left.terminating === right.terminating &&
    left.createdAt === right.createdAt &&
    left.staticUid === right.staticUid &&
    left.workload?.kind === right.workload?.kind &&
    left.workload?.name === right.workload?.name &&
    sameList(left.addresses, right.addresses, (one, other) => one === other) &&
    (left.ports === right.ports || sameList(left.ports, right.ports, samePort))
  )
}

function sameNamespace(left: Namespace, right: Namespace): boolean {
  return left.name === right.name && left.labels.key === right.labels.key && left.mode === right.mode
}

function samePort(left: NamedPort, right: NamedPort): boolean {
  return left.name === right.name && left.protocol === right.protocol && left.number === right.number
}

function sameList<Item>(
  left: readonly Item[],
  right: readonly Item[],
  same: (left: Item, right: Item) => boolean,
): boolean {
  if (left.length !== right.length) return false
  return left.every((item, index) => {
    const other = right[index]
    return other !== undefined && same(item, other)
  })
}
