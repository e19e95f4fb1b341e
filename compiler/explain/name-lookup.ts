import { FAMILIES } from '../addresses/address.ts'
import { blockRange } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { DNS_LABEL, DNS_SERVICE } from '../cluster/find-word.ts'
import { serviceEndpoints } from '../cluster/service-endpoints.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { type Connection, judge } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import { assumedDnsPod } from './assumed-dns.ts'

/** Whether a pod may ask the cluster's DNS; a name that cannot be looked up is no way to anywhere. */
export interface NameLookup {
  readonly allowed: boolean
  /** The input holds no pod that answers; one as kubeadm and k3s run it was assumed. */
  readonly assumed: boolean
}

const DNS = { protocol: 'UDP', port: 53 } as const

/** A cluster is asked for many pods: what answers there is looked for once. */
const known = new WeakMap<Cluster, DnsServers>()

interface DnsServers {
  /** With the assumed server, where one is. */
  readonly graph: AllowGraph
  readonly servers: readonly GraphPod[]
  readonly assumed: boolean
  readonly cached: boolean
  /** Where each listens, if its Service leads port 53 to another one. */
  readonly ports: ReadonlyMap<GraphPod, number>
}

/** Judges UDP port 53 (RFC 1035), or what its Service makes of it, from the pod to each DNS pod: one that answers is enough. */
export function lookUpNames(cluster: Cluster, from: GraphPod): NameLookup {
  const { graph, servers, assumed, cached, ports } = serversOf(cluster)
  // A cache on the node is asked there, and what stays on a node is never judged.
  const allowed =
    cached ||
    servers.some((server) => lookupsOf(from, server, ports).some((one) => judge(graph, one).allowed)) ||
    namesNodeCache(from)
  return { allowed, assumed }
}

/** The lookups that a pod may send to the DNS pods of the input; none where that holds no such pod. */
export function dnsConnections(cluster: Cluster, from: GraphPod): readonly Connection[] {
  const { servers, assumed, ports } = serversOf(cluster)
  return assumed ? [] : servers.flatMap((server) => lookupsOf(from, server, ports))
}

/** Does NodeLocal DNSCache run here? Its pods are on the network of their nodes. */
export function hasNodeCache(cluster: Cluster): boolean {
  return serversOf(cluster).cached
}

/** Whether egress names the cache's own address, as policies for clusters with NodeLocal DNSCache do. */
export function asksNodeCache(graph: AllowGraph, from: GraphPod): boolean {
  // https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
  const destination = parseAddress('169.254.20.10')
  const source = peerOf(from, 'IPv4')
  if (source === undefined || destination === undefined) return false
  return judge(graph, { source: source.address, destination, transport: DNS }).allowed
}

/**
 * Does a rule name the address of the node's DNS cache itself? Whoever runs that cache writes such a rule. That 0.0.0.0/0
 * contains the address, too, says nothing of a cache.
 */
function namesNodeCache({ egress }: GraphPod): boolean {
  if (egress === 'open') return true
  const cache = parseAddress('169.254.20.10')
  const linkLocal = parseBlock('169.254.0.0/16')?.block
  if (cache === undefined || linkLocal === undefined) return false
  const { first, last } = blockRange(linkLocal)
  return egress.list.some(({ ports, peers }) => {
    const isDns =
      ports.kind === 'any' ||
      (ports.protocol === DNS.protocol &&
        (ports.kind === 'protocol' || (ports.kind === 'range' && ports.from <= DNS.port && DNS.port <= ports.to)))
    if (!isDns || peers.kind === 'anyone') return false
    return peers.ranges.IPv4.some(
      (range) => first <= range.first && range.last <= last && rangesContain([range], cache.value),
    )
  })
}

function serversOf(cluster: Cluster): DnsServers {
  let found = known.get(cluster)
  if (found === undefined) known.set(cluster, (found = findServers(cluster)))
  return found
}

function findServers(cluster: Cluster): DnsServers {
  const { graph } = cluster
  const pods = [...graph.pods.values()]
  const cached = pods.some(({ pod }) => pod.hostNetwork && pod.labels.labels.get('k8s-app') === 'node-local-dns')
  const servers = pods.filter(isDnsPod)
  if (servers.length > 0) return { graph, servers, assumed: false, cached, ports: dnsPorts(cluster) }
  const assumed = assumedServer(graph)
  const owners = new Map([...graph.owners, ...assumed.addresses.map((address) => [address, assumed] as const)])
  return { graph: { ...graph, owners }, servers: [assumed], assumed: true, cached, ports: new Map() }
}

/** By the Services in front of the DNS pods: OpenShift's listen on 5353. */
function dnsPorts(cluster: Cluster): ReadonlyMap<GraphPod, number> {
  const ports = new Map<GraphPod, number>()
  for (const service of cluster.services.values()) {
    if (service.namespace !== DNS_SERVICE.namespace) continue
    for (const one of service.ports) {
      if (one.port !== DNS.port || one.protocol !== DNS.protocol) continue
      for (const { pod, port } of serviceEndpoints(cluster, service, one)) if (port !== undefined) ports.set(pod, port)
    }
  }
  return ports
}

/** One for each family that both have. */
function lookupsOf(from: GraphPod, server: GraphPod, ports: ReadonlyMap<GraphPod, number>): readonly Connection[] {
  const transport = { protocol: DNS.protocol, port: ports.get(server) ?? DNS.port }
  return FAMILIES.flatMap((family) => {
    const source = peerOf(from, family)
    const destination = peerOf(server, family)
    if (source === undefined || destination === undefined) return []
    return [{ source: source.address, destination: destination.address, transport }]
  })
}

function isDnsPod({ pod, addresses }: GraphPod): boolean {
  const { namespace, labels } = pod
  return (
    namespace === DNS_SERVICE.namespace && labels.labels.get(DNS_LABEL.key) === DNS_LABEL.value && addresses.length > 0
  )
}

function assumedServer(graph: AllowGraph): GraphPod {
  const pod = assumedDnsPod(graph)
  return { pod, addresses: pod.addresses, ingress: 'open', egress: 'open' }
}
