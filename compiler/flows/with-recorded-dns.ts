import type { Cluster } from '../cluster/create-cluster.ts'
import { DNS_SERVICE } from '../cluster/find-word.ts'
import { withMorePods } from '../cluster/with-more-pods.ts'
import { assumedDnsPod } from '../explain/assumed-dns.ts'
import type { RecordedEnd, RecordedFlow } from './flow-list.ts'
import { endsHere } from './ends-here.ts'

/**
 * The cluster with the DNS pod that flows went to, where the input holds none, as manifests seldom do: under the name that was seen,
 * with the labels by which every cluster knows it.
 */
export function withRecordedDns(cluster: Cluster, flows: readonly RecordedFlow[]): Cluster {
  const seen = flows.find(isLookUp)?.destination
  if (seen?.kind !== 'pod' || endsHere(cluster.graph).find(seen).kind === 'pods') return cluster
  const service = cluster.services.get(`${DNS_SERVICE.namespace}/${DNS_SERVICE.name}`)
  const { name, workload } = seen
  const pod = { ...assumedDnsPod(cluster.graph, service?.selector), name, workload }
  return withMorePods(cluster, [pod])
}

/** To a pod of kube-system, on the port of DNS. */
function isLookUp({ destination, carries }: RecordedFlow): boolean {
  return isDnsEnd(destination) && 'port' in carries && carries.protocol !== 'SCTP' && carries.port === DNS_PORT
}

function isDnsEnd(end: RecordedEnd): boolean {
  return end.kind === 'pod' && end.namespace === DNS_SERVICE.namespace
}

/** RFC 1035. */
const DNS_PORT = 53
