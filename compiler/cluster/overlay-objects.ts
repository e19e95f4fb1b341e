import type { Block } from '../addresses/block.ts'
import { assignAddresses } from './assign-addresses.ts'
import { ORDINAL_LABELS } from '../objects/controller-labels.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import type { ClusterObject, Pod } from '../objects/objects.ts'
import type { OtherObject } from '../objects/read-objects.ts'

export interface Objects {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
}

/**
 * The objects of a live cluster after manifests have been applied to it: those of the same name are replaced, all others
 * stay. The pods of a workload take labels and ports of its new template and keep their addresses, unless they move to the
 * network of their node or off it. A workload that has no pods yet is there as the pod that stands for it. New pods and
 * moved ones get an address of the pod range that nobody has. Undefined: the range is full.
 */
export function overlayObjects(live: Objects, manifests: Objects, podRange: Block): Objects | undefined {
  const running = new Map(
    live.objects.flatMap((object) => (object.kind === 'Pod' ? [[identityOf(object), object]] : [])),
  )
  const templates = new Map(
    manifests.objects.flatMap((object) => (isStandIn(object) ? [[workloadOf(object), object]] : [])),
  )
  const ordinals = new Map(
    manifests.objects.flatMap((object) =>
      isStandIn(object) ? [[`${workloadOf(object)} ${object.name}`, object]] : [],
    ),
  )
  const internLabels = createLabelInterner()
  // Each pod of a StatefulSet has labels of its own, also one whose ordinal the manifest does not reach.
  const templateOf = (pod: Pod): Pod | undefined => {
    const template = ordinals.get(`${workloadOf(pod)} ${pod.name}`) ?? templates.get(workloadOf(pod))
    if (template === undefined || template.name === pod.name || template.workload?.kind !== 'StatefulSet')
      return template
    const labels = [...template.labels.labels].filter(([key]) => !ORDINAL_LABELS.includes(key))
    const own = [...pod.labels.labels].filter(([key]) => ORDINAL_LABELS.includes(key))
    return { ...template, labels: internLabels([...labels, ...own]) }
  }
  const rolled = new Set<string>()
  const moved = new Set<ClusterObject>()
  const kept = live.objects.map((object): ClusterObject => {
    const template = object.kind === 'Pod' ? templateOf(object) : undefined
    if (object.kind !== 'Pod' || template === undefined) return object
    rolled.add(workloadOf(object))
    const { labels, ports, hostNetwork } = template
    if (hostNetwork === object.hostNetwork) return { ...object, labels, ports }
    // Onto the network of its node, or off it, a pod has another address than before.
    const elsewhere = { ...object, labels, ports, hostNetwork, addresses: [] }
    moved.add(elsewhere)
    return elsewhere
  })
  const written = new Map(manifests.objects.map((object) => [identityOf(object), object]))
  const bare = manifests.objects.filter((object) => !isStandIn(object) || !rolled.has(workloadOf(object)))
  const placed = bare.map((object) => (object.kind === 'Pod' ? asRunning(object, running) : object))
  const asWritten = new Set(bare)
  const created = new Set(placed.filter((object) => asWritten.has(object)))
  const all = [...kept.filter((object) => !written.has(identityOf(object))), ...placed]
  const addressed = assignAddresses(
    all.filter((object) => object.kind === 'Pod'),
    podRange,
    (pod) => created.has(pod) || moved.has(pod),
  )
  if (addressed === undefined) return undefined
  const others = new Set(manifests.others.map(otherIdentity))
  return {
    objects: [...all.filter(({ kind }) => kind !== 'Pod'), ...addressed],
    others: [...live.others.filter((other) => !others.has(otherIdentity(other))), ...manifests.others],
  }
}

/** Whatever a manifest says, the API server keeps node and status of the pod that runs. */
function asRunning(pod: Pod, running: ReadonlyMap<string, Pod>): Pod {
  const live = running.get(identityOf(pod))
  if (live === undefined) return pod
  const { uid, node, addresses, finished, terminating, createdAt } = live
  return { ...pod, uid, node, addresses, finished, terminating, createdAt }
}

function isStandIn(object: ClusterObject): object is Pod {
  return object.kind === 'Pod' && object.standIn === true
}

function workloadOf({ namespace, workload }: Pod): string {
  return workload === undefined ? '' : `${workload.kind} ${namespace}/${workload.name}`
}

function identityOf(object: ClusterObject): string {
  switch (object.kind) {
    case 'Namespace':
      return `Namespace ${object.name}`
    case 'NetworkPolicy':
      return `NetworkPolicy ${object.namespace}/${object.name}`
    case 'Pod':
      return object.standIn === true ? `stand-in ${workloadOf(object)}` : `Pod ${object.namespace}/${object.name}`
  }
}

function otherIdentity({ kind, namespace, name }: OtherObject): string {
  return `${kind} ${namespace}/${name}`
}
