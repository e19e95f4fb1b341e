import type { Cluster } from '../cluster/create-cluster.ts'
import { withMorePods } from '../cluster/with-more-pods.ts'
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
        return isReplicated(from.pod) && podsOfWorkload(cluster, from.pod).length === 1 ? [from.pod] : []
      }),
    ),
  )
  if (lonely.size === 0) return undefined
  return withMorePods(cluster, twinsOf(cluster.graph, [...lonely]))
}

/** A second pod of each workload that has only this one. */
export function twinsOf({ owners }: AllowGraph, lonely: readonly GraphPod[]): readonly Pod[] {
  const taken = new Map(owners)
  // From the last one on: thousands that stand side by side would each walk over all the others.
  const last = new Map<string, string>()
  return lonely.map((original) => {
    const addresses = original.addresses.map((address) => {
      const family = address.includes(':') ? 'IPv6' : 'IPv4'
      const free = freeAddress({ owners: taken }, later(address, last.get(family)))
      taken.set(free, original)
      last.set(family, free)
      return free
    })
    return twinOf(original, addresses)
  })
}

function later(left: string, right: string | undefined): string {
  const [first, second] = [left, right].map((text) => parseAddress(text ?? '')?.value ?? 0n)
  return right !== undefined && (second ?? 0n) > (first ?? 0n) ? right : left
}

/** May its workload have two pods at a time? */
export function isReplicated({ pod }: GraphPod): boolean {
  return REPLICATED.has(pod.workload?.kind ?? '')
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

function twinOf({ pod }: GraphPod, addresses: readonly string[]): Pod {
  return {
    ...pod,
    name: `${pod.name} (another)`,
    uid: '',
    addresses,
    node: undefined,
    host: undefined,
    standIn: true,
  }
}

/** The next address from here on that no pod owns. */
export function freeAddress({ owners }: Pick<AllowGraph, 'owners'>, first: string): string {
  let address = parseAddress(first)
  while (address !== undefined && owners.has(formatAddress(address))) {
    address = { ...address, value: address.value + 1n }
  }
  return address === undefined ? first : formatAddress(address)
}
