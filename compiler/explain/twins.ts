import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import { formatAddress } from '../addresses/format-address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Pod } from '../objects/objects.ts'
import type { Destinations } from './destination.ts'
import type { Refusal, Site } from './site.ts'

/** Kinds whose pods are several, or may be so tomorrow without a word to policy; a Job's pods come one after the other. */
const REPLICATED: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'DaemonSet',
  'ReplicationController',
])

/**
 * The cluster with a second pod for each workload that is asked about itself and has only one here: a question from a pod
 * to itself would say nothing of two of them. Undefined where no workload is asked so.
 */
export function withTwins(
  cluster: Cluster,
  sources: readonly Site[],
  destinations: Exclude<Destinations, Refusal>,
): Cluster | undefined {
  const targets = destinations.kind === 'door' ? destinations.door.targets : destinations.list
  const lonely = new Set(
    sources.flatMap((from) =>
      targets.flatMap(({ site: to }) => {
        if (from.kind !== 'pod' || to.kind !== 'pod' || from.pod !== to.pod || (from.exact && to.exact)) return []
        const isReplicated = REPLICATED.has(from.pod.pod.workload?.kind ?? '')
        return isReplicated && podsOfWorkload(cluster, from.pod).length === 1 ? [from.pod] : []
      }),
    ),
  )
  if (lonely.size === 0) return undefined
  const twins = [...lonely].map((pod) => twinOf(cluster.graph, pod))
  return createCluster([...cluster.objects, ...twins], cluster.others)
}

/** Those with an address. */
export function podsOfWorkload({ graph }: Cluster, { pod }: GraphPod): readonly GraphPod[] {
  const { workload, namespace } = pod
  return [...graph.pods.values()].filter(
    (one) =>
      one.addresses.length > 0 &&
      one.pod.namespace === namespace &&
      one.pod.workload?.kind === workload?.kind &&
      one.pod.workload?.name === workload?.name,
  )
}

function twinOf(graph: AllowGraph, { pod, addresses }: GraphPod): Pod {
  const own = addresses.map((address) => freeAddress(graph, address))
  return {
    ...pod,
    name: `${pod.name} (another)`,
    uid: '',
    addresses: own,
    node: undefined,
    host: undefined,
    standIn: true,
  }
}

/** The next address from here on that no pod owns. */
export function freeAddress({ owners }: AllowGraph, first: string): string {
  let address = parseAddress(first)
  while (address !== undefined && owners.has(formatAddress(address))) {
    address = { ...address, value: address.value + 1n }
  }
  return address === undefined ? first : formatAddress(address)
}
