import type { Connection } from './connection.ts'
import { matchesSelector } from './match-selector.ts'
import { addressesOf, namespaceOf, ownerOf } from './owner-of.ts'
import type { RawCluster, RawNode, RawPod, RawService } from './raw-cluster.ts'
import { internalAddresses } from './stays-on-node.ts'

/** A connection as some hook sees it; with `only`, the pod of the other direction is judged by another one. */
export interface Seen {
  readonly connection: Connection
  readonly only?: 'egress' | 'ingress'
}

/**
 * Every connection that hooks see when `source` dials the node port of the Service at this node, whichever pod kube-proxy
 * chooses and whichever backend Flannel has. Rules of kube-proxy (KUBE-EXT, KUBE-SVL, KUBE-POSTROUTING) and of flanneld's
 * masquerade, in packets: DNAT happens before the forward hook of the node that has the address, SNAT behind the hook.
 */
export function seenThroughNodePort(
  cluster: RawCluster,
  service: RawService,
  node: RawNode,
  source: string,
): readonly Seen[] {
  const family = source.includes(':') ? 'IPv6' : 'IPv4'
  const isOfFamily = (address: string) => address.includes(':') === (family === 'IPv6')
  const [port] = service.spec.ports
  const at = internalAddresses(node).find(isOfFamily)
  if (port === undefined || at === undefined) throw new Error('a Service without a port, or a node without an address')
  const isLocalOnly = service.spec.externalTrafficPolicy === 'Local'
  const { protocol, targetPort, nodePort } = port
  const home = (pod: RawPod) => pod.spec?.nodeName ?? ''
  const endpoints = cluster.pods.flatMap((pod) => {
    const isBehind =
      namespaceOf(pod) === namespaceOf(service) &&
      matchesSelector({ matchLabels: service.spec.selector }, pod.metadata.labels ?? {})
    const address = addressesOf(pod).find((one) => isOfFamily(one) && ownerOf(one, cluster.pods) === pod)
    return isBehind && address !== undefined ? [{ address, isHere: home(pod) === node.metadata.name }] : []
  })
  const to = (from: string, destination: string): Connection => ({
    source: from,
    destination,
    protocol,
    port: targetPort,
  })
  // VXLAN sends from flannel.1, which has the first address of the podCIDR; host-gw from the node's own interface.
  const sender = [...(node.spec?.podCIDRs ?? []).map((cidr) => cidr.replace(/\/.*$/, '')), at].filter(isOfFamily)
  const forwarded = (destination: string): readonly Seen[] =>
    sender.map((own) => ({ connection: to(own, destination) }))
  const arriving = (from: string): readonly Seen[] =>
    endpoints.flatMap(({ address, isHere }) => {
      if (isHere) return [{ connection: to(from, address) }]
      return isLocalOnly ? [] : forwarded(address)
    })

  const client = ownerOf(source, cluster.pods)
  if (client === undefined) return arriving(source)
  if (home(client) === node.metadata.name) {
    return endpoints.flatMap(({ address, isHere }): readonly Seen[] => {
      const connection = to(source, address)
      // Pods are no clients from outside: for them Local leads everywhere, and nothing is masqueraded.
      return isHere || isLocalOnly ? [{ connection }] : [{ connection, only: 'egress' }, ...forwarded(address)]
    })
  }
  const own = cluster.nodes?.find(({ metadata }) => metadata.name === home(client))
  const masqueraded = own && internalAddresses(own).find(isOfFamily)
  if (masqueraded === undefined) throw new Error('a pod on a node without an address')
  // A node is no pod: its own ingress is nobody's.
  const dialled: Seen = { connection: { source, destination: at, protocol, port: nodePort } }
  return [dialled, ...arriving(masqueraded)]
}
