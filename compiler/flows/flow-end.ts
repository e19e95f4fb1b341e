import type { Cluster } from '../cluster/create-cluster.ts'
import { nodeAt } from '../cluster/node.ts'
import { podName } from '../objects/pod-name.ts'
import type { Workload } from '../objects/objects.ts'

/** Who is behind an address now, in the words of people. */
export type FlowEnd =
  | {
      readonly kind: 'pod'
      readonly address: string
      readonly namespace: string
      readonly name: string
      readonly workload: Workload | undefined
      /** metadata.creationTimestamp (RFC 3339), or empty. */
      readonly createdAt: string
    }
  /** Its host processes, pods on its network, and whoever it masquerades. */
  | { readonly kind: 'node'; readonly address: string; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }

/** The owner of an address in canonical text. */
export function flowEnd({ graph, nodes }: Cluster, address: string): FlowEnd {
  const owner = graph.owners.get(address)
  if (owner !== undefined) {
    const { namespace, name, workload, createdAt } = owner.pod
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
export function exactEndText(end: FlowEnd): string {
  return end.kind === 'pod' ? podName(end) : flowEndText(end)
}
