import { addressBits } from './address-bits.ts'
import type { Connection } from './connection.ts'
import { addressesOf, ownerOf } from './owner-of.ts'
import type { RawCluster, RawPod } from './raw-cluster.ts'

/**
 * Whether a connection is between a node and one of its own pods ("the traffic source is the pod's local node"): always
 * allowed, as it never crosses the hook. The oracle judges what does cross it, so a packet test asks here first.
 */
export function staysOnNode(cluster: RawCluster, { source, destination }: Connection): boolean {
  const [from, to] = [ownerOf(source, cluster.pods), ownerOf(destination, cluster.pods)]
  const isOwnNode = (pod: RawPod | undefined, address: string): boolean =>
    nodeAddresses(pod?.spec?.nodeName, cluster.pods).some((own) => addressBits(own) === addressBits(address))
  return isOwnNode(to, source) || isOwnNode(from, destination)
}

/** What the pods of a node tell of its addresses: their status.hostIP, and the addresses of host-network pods. */
function nodeAddresses(nodeName: string | null | undefined, pods: readonly RawPod[]): readonly string[] {
  if (!nodeName) return []
  return pods
    .filter((pod) => pod.spec?.nodeName === nodeName)
    .flatMap((pod) => [
      ...(pod.status?.hostIP ? [pod.status.hostIP] : []),
      ...(pod.spec?.hostNetwork === true ? addressesOf(pod) : []),
    ])
}
