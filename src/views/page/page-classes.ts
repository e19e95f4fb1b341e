import type { Family } from '../../../compiler/addresses/address.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import { type GraphPod, type Isolation, podKey } from '../../../compiler/graph/allow-graph.ts'
import { type Direction, DIRECTIONS } from '../../../compiler/graph/build-grants.ts'
import { peersAllow } from '../../../compiler/graph/judge.ts'
import { type Peers, peersKey } from '../../../compiler/graph/peers.ts'
import { peerOf } from '../../../compiler/reach/allowed-ports.ts'
import type { Reach } from '../../../compiler/reach/create-reach.ts'
import type { KnownRules } from './all-rules.ts'

/** Pods that are isolated by the same policies, and that no rule, granting alone, would tell apart. */
export interface PageClass {
  readonly members: readonly GraphPod[]
  /** Positions of the policies that isolate them. */
  readonly isolatedBy: Readonly<Record<Direction, readonly number[]>>
  /** By family, the keys of the rules' peers that they are among. */
  readonly among: Readonly<Record<Family, ReadonlySet<string>>>
}

/**
 * Behaviours know what is allowed; why may still differ within one: a grant absorbs another, two policies say the same.
 * In an order that depends on nothing but the cluster.
 */
export function sortIntoClasses(cluster: Cluster, reach: Reach, known: KnownRules): readonly PageClass[] {
  const policiesOf = policiesByPod(cluster, known)
  const among = peersByPod(cluster, known)
  const named = namedPorts(known)
  const found = new Map<string, { -readonly [Key in keyof PageClass]: PageClass[Key] } & { members: GraphPod[] }>()
  for (const [behaviour, { members }] of reach.behaviours.entries()) {
    for (const pod of members) {
      const isolatedBy = policiesOf.get(podKey(pod.pod)) ?? { ingress: [], egress: [] }
      const peers = { IPv4: among(pod, 'IPv4'), IPv6: among(pod, 'IPv6') }
      const ports = pod.pod.ports.filter(({ name, protocol }) => named.has(`${protocol} ${name}`))
      const key = JSON.stringify([behaviour, isolatedBy, peers, ports])
      const same = found.get(key)
      if (same !== undefined) same.members.push(pod)
      else {
        found.set(key, {
          members: [pod],
          isolatedBy,
          among: { IPv4: new Set(peers.IPv4), IPv6: new Set(peers.IPv6) },
        })
      }
    }
  }
  // Whoever is reached alike stands together, so that rows of the table are few long runs.
  const order = ({ members: [first] }: PageClass) => `${isolationKey(first?.ingress)}\n\n${isolationKey(first?.egress)}`
  const keyed = [...found.values()].map((one) => ({ one, key: order(one) }))
  return keyed.sort((left, right) => compare(left.key, right.key)).map(({ one }) => one)
}

function isolationKey(isolation: Isolation | undefined): string {
  return isolation === undefined || isolation === 'open' ? '' : `isolated ${isolation.key}`
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

type Isolating = Record<Direction, number[]>

function policiesByPod({ selections }: Cluster, { policies }: KnownRules): ReadonlyMap<string, Isolating> {
  const positions = new Map(policies.map((policy, index) => [policy, index]))
  const byPod = new Map<string, Isolating>()
  for (const { policy, pods } of selections) {
    for (const pod of pods) {
      const key = podKey(pod)
      const isolating = byPod.get(key) ?? { ingress: [], egress: [] }
      byPod.set(key, isolating)
      for (const direction of DIRECTIONS) {
        if (policy[direction] !== undefined) isolating[direction].push(positions.get(policy) ?? -1)
      }
    }
  }
  for (const isolating of byPod.values()) {
    for (const direction of DIRECTIONS) isolating[direction].sort((left, right) => left - right)
  }
  return byPod
}

/** Among the peers of which rules a pod is; without blocks that depends on its namespace and labels alone. */
function peersByPod({ graph }: Cluster, { rules }: KnownRules): (pod: GraphPod, family: Family) => readonly string[] {
  const all = [...new Map(rules.map(({ peers }) => [peersKey(peers), peers]))]
  const split = (family: Family) => {
    const hasBlocks = (peers: Peers) => peers.kind === 'some' && peers.ranges[family].length > 0
    return {
      byLabels: all.filter(([, peers]) => !hasBlocks(peers)),
      byAddress: all.filter(([, peers]) => hasBlocks(peers)),
    }
  }
  const lists = { IPv4: split('IPv4'), IPv6: split('IPv6') }
  const byLabels = new Map<string, readonly string[]>()
  return (pod, family) => {
    const peer = peerOf(pod, family)
    if (peer === undefined) return []
    const among = (list: typeof all) => list.filter(([, peers]) => peersAllow(graph, peers, peer)).map(([key]) => key)
    const bucket = `${family} ${pod.pod.namespace}\n${pod.pod.labels.key}`
    let same = byLabels.get(bucket)
    if (same === undefined) byLabels.set(bucket, (same = among(lists[family].byLabels)))
    return [...same, ...among(lists[family].byAddress)]
  }
}

function namedPorts({ rules }: KnownRules): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ rule }) =>
      rule.ports === 'any'
        ? []
        : rule.ports.flatMap((port) => (port.kind === 'name' ? [`${port.protocol} ${port.name}`] : [])),
    ),
  )
}
