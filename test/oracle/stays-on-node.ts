import { addressBits } from './address-bits.ts'
import type { Connection } from './connection.ts'
import { addressesOf, ownerOf } from './owner-of.ts'
import type { RawCluster, RawNode, RawPod } from './raw-cluster.ts'

/**
 * Whether a connection is between a node and one of its own pods ("the traffic source is the pod's local node"): always
 * allowed, as it never crosses the hook. The oracle judges what does cross it, so a packet test asks here first.
 */
export function staysOnNode(cluster: RawCluster, { source, destination }: Connection): boolean {
  const [from, to] = [ownerOf(source, cluster.pods), ownerOf(destination, cluster.pods)]
  const isOwnNode = (pod: RawPod | undefined, address: string): boolean =>
    nodeAddresses(pod?.spec?.nodeName, cluster).some((own) => addressBits(own) === addressBits(address))
  return isOwnNode(to, source) || isOwnNode(from, destination)
}

/**
 * What the pods of a node tell of its addresses (their status.hostIP, and the addresses of host-network pods), and what its
 * Node object does: internal addresses, and of each podCIDR the first (flannel.1) and the second (cni0).
 */
function nodeAddresses(nodeName: string | null | undefined, { pods, nodes = [] }: RawCluster): readonly string[] {
  if (!nodeName) return []
  const told = pods
    .filter((pod) => pod.spec?.nodeName === nodeName)
    .flatMap((pod) => [
      ...(pod.status?.hostIP ? [pod.status.hostIP] : []),
      ...(pod.spec?.hostNetwork === true ? addressesOf(pod) : []),
    ])
  const own = nodes.filter((node) => node.metadata.name === nodeName)
  return [...told, ...own.flatMap((node) => [...internalAddresses(node), ...flannelAddresses(node)])]
}

export function internalAddresses({ status }: RawNode): readonly string[] {
  return (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address)
}

/** Of the podCIDRs of the arbitraries, which end where a last number follows: `10.244.1.0/24`, `fd44:0:0:1::/64`. */
function flannelAddresses({ spec }: RawNode): readonly string[] {
  return (spec?.podCIDRs ?? []).flatMap((cidr) => {
    const [first = ''] = cidr.split('/')
    return first.endsWith('::') ? [first, `${first}1`] : [first, first.replace(/0$/, '1')]
  })
}
