import type { GraphPod } from '../../compiler/graph/allow-graph.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { Connection } from '../oracle/connection.ts'
import { cidrBits, inBlock } from '../oracle/in-block.ts'
import { addressesOf, namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'

/** Everything that edges may call a pod: itself, its workload, its namespace. */
function namesOf(pod: RawPod): readonly string[] {
  const namespace = namespaceOf(pod)
  const owner = (pod.metadata as { readonly ownerReferences?: readonly { kind: string; name: string }[] })
    .ownerReferences?.[0]
  const ofWorkload = owner === undefined ? [] : [owner.name, `${owner.name} (${owner.kind})`]
  // A namespace that goes by one name is without its pods on the network of nodes.
  const whole = pod.spec?.hostNetwork === true ? [] : ['*']
  return [pod.metadata.name, ...whole, ...ofWorkload].map((name) => `${namespace}/${name}`)
}

/** Whether some edge says this connection; read as docs/reach.schema.json says, by the addresses' owners of this cluster. */
export function edgesSay(edges: readonly Edge[], cluster: RawCluster, connection: Connection): readonly Edge[] {
  const source = ownerOf(connection.source, cluster.pods)
  const destination = ownerOf(connection.destination, cluster.pods)
  const family = connection.source.includes(':') ? 'IPv6' : 'IPv4'
  return edges.filter(
    (edge) =>
      (edge.family ?? family) === family &&
      isEnd(edge.from, source, connection.source) &&
      isEnd(edge.to, destination, connection.destination) &&
      hasPort(edge, connection),
  )
}

/** The edges that say this connection between two pods by their names, one of which is on the network of its node. */
export function edgesNaming(
  edges: readonly Edge[],
  connection: Connection,
  source: RawPod,
  destination: RawPod,
): readonly Edge[] {
  const family = connection.source.includes(':') ? 'IPv6' : 'IPv4'
  return edges.filter(
    (edge) =>
      (edge.family ?? family) === family &&
      namesOf(source).includes(edge.from) &&
      namesOf(destination).includes(edge.to) &&
      hasPort(edge, connection),
  )
}

/** The edges that say this connection between a pod and one that is not in the input, which goes by its id; `in`: from there. */
export function edgesWithStranger(
  edges: readonly Edge[],
  stranger: string,
  direction: 'in' | 'out',
  pod: RawPod,
  { family, ...service }: Pick<Connection, 'protocol' | 'port'> & { readonly family: 'IPv4' | 'IPv6' },
): readonly Edge[] {
  return edges.filter((edge) => {
    const [other, own] = direction === 'in' ? [edge.from, edge.to] : [edge.to, edge.from]
    return (
      other === stranger && (edge.family ?? family) === family && namesOf(pod).includes(own) && hasPort(edge, service)
    )
  })
}

function isEnd(end: string, pod: RawPod | undefined, address: string): boolean {
  if (pod !== undefined) return namesOf(pod).includes(end)
  return cidrBits(end) !== undefined && inBlock(address, { cidr: end })
}

function hasPort({ protocol, ports }: Edge, connection: Pick<Connection, 'protocol' | 'port'>): boolean {
  if (protocol === '*') return true
  if (protocol === 'other') return connection.port === undefined
  if (protocol !== connection.protocol || connection.port === undefined) return false
  if (ports === '*') return true
  const [from = 0, to = from] = ports.split('-').map(Number)
  return from <= connection.port && connection.port <= to
}

/** Connections that edges never speak of: from a pod to itself, and between two addresses outside. */
export function isUnspoken(cluster: RawCluster, { source, destination }: Connection): boolean {
  return ownerOf(source, cluster.pods) === ownerOf(destination, cluster.pods)
}

/**
 * The cluster with workloads: `a-0` and `a-1` are replicas of one Deployment where `alike` says so, else two pods of it; `db-a`
 * and `x` belong to a StatefulSet of the same name. Alike, an `a-0` alone gets a replica.
 */
export function withWorkloads(cluster: RawCluster, alike: boolean): RawCluster {
  const pods = [...cluster.pods, ...(alike ? replica(cluster.pods) : [])].map((pod): RawPod => {
    const { name } = pod.metadata
    if (name.startsWith('b-')) return pod
    const first = cluster.pods.find(
      (one) => namespaceOf(one) === namespaceOf(pod) && one.metadata.name === 'a-0' && name === 'a-1' && alike,
    )
    const ownerReferences = [
      { controller: true, kind: name.startsWith('a-') ? 'Deployment' : 'StatefulSet', name: 'a' },
    ]
    const metadata = { ...pod.metadata, ...(first && { labels: first.metadata.labels ?? null }), ownerReferences }
    return { ...pod, metadata, spec: { ...pod.spec, ...(first && { containers: first.spec?.containers ?? null }) } }
  })
  return { ...cluster, pods }
}

/** Of the first `a-0` without an `a-1` beside it; two of one name in one namespace come too seldom by themselves. */
function replica(pods: readonly RawPod[]): readonly RawPod[] {
  const isAt = (one: RawPod, name: string, of: RawPod) =>
    one.metadata.name === name && namespaceOf(one) === namespaceOf(of)
  const first = pods.find((one) => one.metadata.name === 'a-0' && !pods.some((other) => isAt(other, 'a-1', one)))
  if (first === undefined) return []
  const podIPs = addressesOf(first).map((ip) => ({ ip: ip.includes(':') ? 'fd44:0:0:1::fa' : '10.244.1.250' }))
  const metadata = { ...first.metadata, name: 'a-1', uid: 'u-replica' }
  return [{ ...first, metadata, status: { ...first.status, podIP: podIPs[0]?.ip ?? null, podIPs } }]
}

/** For counting: more than one pod went by one name. */
export function isFolded({ members }: { readonly members: readonly GraphPod[] }): boolean {
  return members.length > 1
}
