import { formatAddress } from '../addresses/format-address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { nodeAt, nodeOf } from '../cluster/node.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import type { Site } from './site.ts'

type Hosts = Extract<FoundEnd, { kind: 'hosts' }>

/** Pods on the network of their nodes: one site for each address of such a node, and one for all whose address nobody says. */
export function hostSites(cluster: Cluster, { name, pods }: Hosts): readonly Site[] {
  const sites = new Map<string, Site>()
  const told = (pod: GraphPod): string => (pods.length === 1 ? name : podName(pod.pod))
  for (const pod of pods) {
    const addresses = hostAddresses(cluster, pod)
    for (const text of addresses) {
      const address = parseAddress(text)
      if (address !== undefined && !sites.has(text)) sites.set(text, { kind: 'address', name: told(pod), address })
    }
    const node = pod.pod.node ?? ''
    if (addresses.length === 0 && !sites.has(`node ${node}`)) {
      sites.set(`node ${node}`, { kind: 'host', name: told(pod), node: pod.pod.node })
    }
  }
  return [...sites.values()]
}

/** Its own status.podIPs, else what is known of its node. */
function hostAddresses({ nodes }: Cluster, pod: GraphPod): readonly string[] {
  return pod.pod.addresses.length > 0 ? pod.pod.addresses : (nodeOf(nodes, pod)?.addresses ?? [])
}

/** What is to be said of an end on the network of its node. */
export function hostNotes(cluster: Cluster, { name, pods }: Hosts): readonly string[] {
  const nodes = [...new Set(pods.flatMap(({ pod }) => pod.node ?? []))]
  const addresses = [...new Set(pods.flatMap((pod) => hostAddresses(cluster, pod)))]
  const where = nodes.length === 1 ? `node ${nodes[0]}` : pods.length === 1 ? 'its node' : 'its nodes'
  const seen =
    addresses.length === 0
      ? "policy sees a node's address, which the input does not say"
      : addresses.length === 1
        ? `policy sees the node's address ${addresses[0]}`
        : `policy sees the nodes' addresses ${addresses.slice(0, 5).join(', ')}${addresses.length > 5 ? ', …' : ''}`
  return [
    `${name} is on the network of ${where}: ${seen} ` +
      '(over VXLAN, from another node, that of its flannel.1), and no selector matches it',
  ]
}

/** The nodes that an end stands for, by name: pods of theirs are answered apart from others. */
export function nodesOfEnd({ nodes }: Cluster, end: FoundEnd): ReadonlySet<string> {
  if (end.kind === 'hosts') return new Set(end.pods.flatMap((pod) => nodeOf(nodes, pod)?.name ?? []))
  const node = end.kind === 'address' ? nodeAt(nodes, formatAddress(end.address)) : undefined
  return new Set(node === undefined ? [] : [node.name])
}
