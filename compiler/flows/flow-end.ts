import type { Cluster } from '../cluster/create-cluster.ts'
import { nodeAt } from '../cluster/node.ts'
import { podName } from '../objects/pod-name.ts'
import type { Workload } from '../objects/objects.ts'
import type { FormerPod } from './seen-flow.ts'

/** Who is behind an address now, or was when it was noted, in the words of people. */
export type FlowEnd =
  | {
      readonly kind: 'pod'
      readonly address: string
      readonly namespace: string
      readonly name: string
      readonly workload: Workload | undefined
      /** metadata.creationTimestamp (RFC 3339), or empty. */
      readonly createdAt: string
      /** It is not there any more, or has another address. */
      readonly gone?: true | undefined
    }
  /** Its host processes, pods on its network, and whoever it masquerades. */
  | { readonly kind: 'node'; readonly address: string; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }

/** The owner of an address in canonical text; `former`: whose it was, which may have come back in the cluster that was read later. */
export function flowEnd({ graph, nodes }: Cluster, address: string, former?: FormerPod): FlowEnd {
  const owner = graph.owners.get(address)?.pod
  if (former !== undefined && (owner === undefined || podName(owner) !== podName(former) || owner.uid !== former.uid)) {
    const { namespace, name, workload, createdAt } = former
    return { kind: 'pod', address, namespace, name, workload, createdAt, gone: true }
  }
  if (owner !== undefined) {
    const { namespace, name, workload, createdAt } = owner
    return { kind: 'pod', address, namespace, name, workload, createdAt }
  }
  const node = nodeAt(nodes, address)
  return node === undefined ? { kind: 'address', address } : { kind: 'node', address, name: node.name }
}

/** `shop/web` of a workload or pod, `node a (10.0.0.1)`, or the address. */
export function flowEndText(end: FlowEnd): string {
  switch (end.kind) {
    case 'pod':
      return `${end.namespace}/${end.workload?.name ?? end.name}`
    case 'node':
      return `node ${end.name} (${end.address})`
    case 'address':
      return end.address
  }
}

/** The pod itself, for who asks about one; the same text as above for everybody else. */
export function exactPodText(end: FlowEnd): string {
  return end.kind === 'pod' ? `${podName(end)}${end.gone ? ' (gone)' : ''}` : flowEndText(end)
}
