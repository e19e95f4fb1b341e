import { isolatedBy } from '../engine/isolated-by.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { createLabelInterner, type LabelSet } from '../objects/label-set.ts'
import type { NamedPort } from '../objects/objects.ts'
import { createMembershipIndex } from '../selectors/membership-index.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { ANY_VALUE } from './example-labels.ts'
import { knownNamespaces } from './known-namespaces.ts'
import { ANY_OTHER_POD, type PossiblePeer, possiblePeersOf } from './possible-peer.ts'

/** A possible peer as a pod of one graph: without an address, isolated as the policies there would isolate it. */
export interface PossiblePod {
  readonly peer: PossiblePeer
  readonly pod: GraphPod
  readonly namespaceLabels: LabelSet
  /** The same pod with named ports. */
  withPorts(ports: readonly NamedPort[]): GraphPod
}

/**
 * Who could come from outside the input, sorted by id: whoever is named by `groups`, the peers of rules, and is none of
 * `pods`; and any other pod.
 */
export function possiblePeers(
  graph: AllowGraph,
  groups: readonly PeerGroup[],
  pods: readonly GraphPod[],
): readonly PossiblePeer[] {
  const index = createMembershipIndex<GraphPod>(graph.namespaceLabels)
  for (const pod of pods) index.add(pod, pod.pod.namespace, pod.pod.labels)
  const isKnown = knownNamespaces(graph)
  const strange = groups.filter((group) => index.use(group).buckets.size === 0)
  return mergePeers([[ANY_OTHER_POD], strange.flatMap((group) => possiblePeersOf(group, graph, isKnown))])
}

/** Each once, sorted by id. */
export function mergePeers(lists: readonly (readonly PossiblePeer[])[]): readonly PossiblePeer[] {
  const byId = new Map(lists.flat().map((peer) => [peer.id, peer]))
  return [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** The peers as pods of a graph. */
export function possiblePods(graph: AllowGraph, peers: readonly PossiblePeer[]): readonly PossiblePod[] {
  const intern = createLabelInterner()
  const isKnown = knownNamespaces(graph)
  const policies = Map.groupBy(graph.policies, ({ namespace }) => namespace)
  return peers.map((peer) => {
    // No namespace can be called so: it stands for one that the input does not name.
    const namespace = peer.namespace ?? `${ANY_VALUE}${[...peer.namespaceLabels].join()}`
    const labels = intern(peer.labels)
    const selecting = (policies.get(namespace) ?? []).filter((one) => matchesSelector(one.podSelector, labels.labels))
    const withPorts = (ports: readonly NamedPort[]): GraphPod => {
      const { ingress, egress } = isolatedBy(selecting, ports)
      return { pod: { ...NOBODY, namespace, name: peer.id, labels, ports }, addresses: [], ingress, egress }
    }
    const namespaceLabels = isKnown(namespace)
      ? graph.namespaceLabels(namespace)
      : intern([...peer.namespaceLabels, [NAMESPACE_NAME_LABEL, peer.namespace ?? ANY_VALUE]])
    return { peer, pod: withPorts([]), namespaceLabels, withPorts }
  })
}

const NOBODY = {
  kind: 'Pod',
  uid: '',
  node: undefined,
  addresses: [],
  hostNetwork: false,
  finished: false,
  terminating: false,
  createdAt: '',
} as const

/** In which of these groups each of the pods is, by the groups' keys. */
export function groupsOfPossible(
  pods: readonly PossiblePod[],
  groups: readonly PeerGroup[],
): ReadonlyMap<PossiblePod, ReadonlySet<string>> {
  const found = new Map<PossiblePod, ReadonlySet<string>>()
  // A namespace that nobody declares may be named with several labels; it has one set of them at a time.
  const variants = new Map<string, string[]>()
  const roundOf = ({ pod, namespaceLabels }: PossiblePod): number => {
    const known = variants.get(pod.pod.namespace) ?? []
    variants.set(pod.pod.namespace, known)
    if (!known.includes(namespaceLabels.key)) known.push(namespaceLabels.key)
    return known.indexOf(namespaceLabels.key)
  }
  for (const round of Map.groupBy(pods, roundOf).values()) {
    const labels = new Map(round.map(({ pod, namespaceLabels }) => [pod.pod.namespace, namespaceLabels]))
    const index = createMembershipIndex<PossiblePod>((namespace) => labels.get(namespace) ?? NO_LABELS)
    for (const group of groups) index.use(group)
    for (const pod of round) {
      const bucket = index.add(pod, pod.pod.pod.namespace, pod.pod.pod.labels)
      found.set(pod, new Set([...bucket.groups].map(({ group }) => group.key)))
    }
  }
  return found
}

const NO_LABELS: LabelSet = { key: '', labels: new Map() }
