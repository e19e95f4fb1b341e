import type { Family } from '../../../compiler/addresses/address.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { GraphPod, Isolation } from '../../../compiler/graph/allow-graph.ts'
import { podKey } from '../../../compiler/objects/pod-name.ts'
import { type Direction, DIRECTIONS } from '../../../compiler/objects/direction.ts'
import { peersAllow } from '../../../compiler/graph/judge.ts'
import { type Peers, peersKey } from '../../../compiler/graph/peers.ts'
import { rangeOfFamily } from '../../../compiler/addresses/block-range.ts'
import { rangesCover } from '../../../compiler/addresses/ranges.ts'
import { peerOf } from '../../../compiler/graph/peer-of.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { whereHostIsSeen } from '../../../compiler/reach/host-reach.ts'
import type { Reach } from '../../../compiler/reach/create-reach.ts'
import type { KnownRule, KnownRules } from './all-rules.ts'
import { ownNodes } from './own-node.ts'

/** Pods that are isolated by the same policies, and that no rule, granting alone, would tell apart; those that a node's own network reaches stand by node. */
export interface PageClass {
  readonly members: readonly GraphPod[]
  /** Positions of the policies that isolate them. */
  readonly isolatedBy: Readonly<Record<Direction, readonly number[]>>
  /** Whether they are among the peers of a rule, in a family. */
  isAmong(family: Family, rule: KnownRule): boolean
}

/**
 * Pods of one behaviour are allowed the same, but not always by the same rules: a grant absorbs another, two policies say
 * the same. So behaviours are divided once more, by the rules that allow. The order depends on nothing but the cluster.
 */
export function sortIntoClasses(cluster: Cluster, reach: Reach, known: KnownRules, by: FoldBy): readonly PageClass[] {
  const told = tellApart(cluster, reach, known)
  const nodeOf = ownNodes([...told.keys()], by, (pod) => told.get(pod)?.key)
  const found = new Map<string, PageClass & { readonly members: GraphPod[] }>()
  for (const [pod, { key, isolatedBy, peers }] of told) {
    const whole = `${key} ${nodeOf(pod) ?? ''}`
    const same = found.get(whole)
    if (same !== undefined) same.members.push(pod)
    else found.set(whole, { members: [pod], isolatedBy, isAmong: isAmongOf(pod, peers) })
  }
  // Whoever is reached alike stands together, so that rows of the table are few long runs.
  const order = ({ members: [first] }: PageClass) => `${isolationKey(first?.ingress)}\n\n${isolationKey(first?.egress)}`
  const keyed = [...found.values()].map((one) => ({ one, key: order(one) }))
  return keyed.sort((left, right) => compare(left.key, right.key)).map(({ one }) => one)
}

interface Told {
  /** Equal for pods that no rule tells apart. */
  readonly key: string
  readonly isolatedBy: PageClass['isolatedBy']
  readonly peers: Readonly<Record<Family, readonly string[]>>
}

function tellApart(cluster: Cluster, reach: Reach, known: KnownRules): ReadonlyMap<GraphPod, Told> {
  const policiesOf = policiesByPod(cluster, known)
  const among = peersByPod(cluster, known)
  const named = namedPorts(known)
  const told = new Map<GraphPod, Told>()
  for (const [behaviour, { members }] of [...reach.behaviours, ...reach.hosts].entries()) {
    for (const pod of members) {
      const isolatedBy = policiesOf.get(podKey(pod.pod)) ?? { ingress: [], egress: [] }
      const peers = pod.pod.hostNetwork ? hostAmong(pod, known) : { IPv4: among(pod, 'IPv4'), IPv6: among(pod, 'IPv6') }
      const ports = pod.pod.ports.filter(({ name, protocol }) => named.has(`${protocol} ${name}`))
      told.set(pod, { key: JSON.stringify([behaviour, isolatedBy, peers, ports]), isolatedBy, peers })
    }
  }
  return told
}

function isAmongOf(
  { pod }: GraphPod,
  keys: Readonly<Record<Family, readonly string[]>>,
): (family: Family, rule: KnownRule) => boolean {
  const sets = { IPv4: new Set(keys.IPv4), IPv6: new Set(keys.IPv6) }
  return (family, rule) => sets[family].has(pod.hostNetwork ? amongKey(rule) : peersKey(rule.peers))
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
    const labelsKey = `${family} ${pod.pod.namespace}\n${pod.pod.labels.key}`
    let same = byLabels.get(labelsKey)
    if (same === undefined) byLabels.set(labelsKey, (same = among(lists[family].byLabels)))
    return [...same, ...among(lists[family].byAddress)]
  }
}

/** The peers that hold a pod on the network of a node, wherever policy of another node's pod sees it. */
function hostAmong(host: GraphPod, { rules }: KnownRules): Readonly<Record<Family, readonly string[]>> {
  const among = (family: Family) => {
    const keys = rules
      .filter(({ peers, direction }) => {
        const ranges = peers.kind === 'anyone' ? [rangeOfFamily(family)] : peers.ranges[family]
        return rangesCover(ranges, whereHostIsSeen(host, direction, family))
      })
      .map(amongKey)
    return [...new Set(keys)].sort()
  }
  return { IPv4: among('IPv4'), IPv6: among('IPv6') }
}

/** One peer is seen differently as a source and as a destination, if it is on the network of a node. */
function amongKey({ peers, direction }: { readonly peers: Peers; readonly direction: Direction }): string {
  return `${direction} ${peersKey(peers)}`
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
