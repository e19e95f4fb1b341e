import { FAMILIES, type Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { peerOf } from '../graph/peer-of.ts'
import { allowedPorts } from './allowed-ports.ts'
import { type Behaviour, podsWithAddress, sortHosts, sortIntoBehaviours, whatTellsApart } from './behaviours.ts'
import { type Candidates, createCandidates } from './candidates.ts'
import { createExposure, type Exposure } from './create-exposure.ts'
import { hostAddresses, hostPorts } from './host-reach.ts'
import { type OutsideReach, outsideReach } from './outside-reach.ts'
import { ownedAddresses } from './owned-addresses.ts'
import { EVERY_PORT, type PortSet } from './port-set.ts'
import type { PossiblePeer } from './possible-peer.ts'
import { possiblePeers, possiblePods } from './possible-pods.ts'

/** Who may connect to whom in one graph; asked pod by pod, answered behaviour by behaviour, each pair judged once. */
export interface Reach {
  /** Of pods with an address of their own. */
  readonly behaviours: readonly Behaviour[]
  /** Of pods on the network of their nodes. */
  readonly hosts: readonly Behaviour[]
  /** undefined: a pod without an address, or of another graph. */
  behaviourOf(pod: GraphPod): Behaviour | undefined
  /**
   * For each family that both have, the ports on which one may connect to the other, from wherever its node is if it is on
   * the network of one. Never asked of a pod and itself.
   */
  between(from: GraphPod, to: GraphPod): ReadonlyMap<Family, PortSet>
  /** To all others nothing passes from the pod. */
  candidates(from: GraphPod): readonly Behaviour[]
  /** From all others nothing passes to the pod. */
  sources(to: GraphPod): readonly Behaviour[]
  /** Has it an address of the family? A pod on the network of a node has those of its node. */
  hasFamily(pod: GraphPod, family: Family): boolean
  /** What a direction of the pod says about addresses, pods' among them; empty in a family that it has no address of. */
  outside(pod: GraphPod, direction: Direction, family: Family): readonly OutsideReach[]
  /** Every address that some pod owns. */
  readonly owned: Readonly<Record<Family, readonly AddressRange[]>>
  /** Who could come, or be reached, that is not in the input. */
  readonly exposure: Exposure
}

/** Who could come from outside the input of this graph. */
export function strangersOf(graph: AllowGraph): readonly PossiblePeer[] {
  const pods = podsWithAddress(graph)
  return possiblePeers(graph, whatTellsApart(pods).groups, pods)
}

/** `strangers`: the possible pods that are asked about; by default those of this graph. */
export function createReach(graph: AllowGraph, strangers: readonly PossiblePeer[] = strangersOf(graph)): Reach {
  const possible = possiblePods(graph, strangers)
  const others = possible.map(({ pod }) => pod)
  const behaviours = sortIntoBehaviours(graph, others)
  const hosts = sortHosts(graph, others)
  const all = [...behaviours, ...hosts]
  const ofPod = new Map<GraphPod, number>()
  for (const [index, { members }] of all.entries()) for (const member of members) ofPod.set(member, index)
  const candidates: Partial<Record<Direction, Candidates>> = {}
  /** Each table when it is first asked for: pictures ask for destinations only, and tests of policies for sources too. */
  function othersOf(pod: GraphPod, direction: Direction): readonly Behaviour[] {
    const table = (candidates[direction] ??= createCandidates(behaviours, hosts, direction))
    return table(ofPod.get(pod) ?? -1).flatMap((index) => all[index] ?? [])
  }
  /** By source, then by destination: one map of all pairs would outgrow what a map can hold. */
  const judged = all.map(() => new Map<number, ReadonlyMap<Family, PortSet>>())
  const owned: Readonly<Record<Family, readonly AddressRange[]>> = {
    IPv4: ownedAddresses(graph, 'IPv4'),
    IPv6: ownedAddresses(graph, 'IPv6'),
  }
  // A node whose addresses are not known has the families of the pods around it.
  const usual = FAMILIES.filter((family) => owned[family].length > 0)

  function hasFamily(pod: GraphPod, family: Family): boolean {
    if (!pod.pod.hostNetwork) return peerOf(pod, family) !== undefined
    if (pod.pod.addresses.length > 0) return hostAddresses(pod, family).length > 0
    return usual.length === 0 ? family === 'IPv4' : usual.includes(family)
  }

  function judge(from: GraphPod, to: GraphPod, family: Family): PortSet {
    if (from.pod.hostNetwork) return to.pod.hostNetwork ? EVERY_PORT : hostPorts(from, to, 'ingress', family)
    return to.pod.hostNetwork ? hostPorts(to, from, 'egress', family) : allowedPorts(graph, from, to, family)
  }

  return {
    behaviours,
    hosts,
    owned,
    hasFamily,
    exposure: createExposure(graph, possible, all, hasFamily),
    behaviourOf: (pod) => all[ofPod.get(pod) ?? -1],
    candidates: (from) => othersOf(from, 'egress'),
    sources: (to) => othersOf(to, 'ingress'),
    between(from, to) {
      const row = judged[ofPod.get(from) ?? -1]
      const column = ofPod.get(to) ?? 0
      let found = row?.get(column)
      if (found === undefined) {
        const shared = FAMILIES.filter((family) => hasFamily(from, family) && hasFamily(to, family))
        found = new Map(shared.map((family) => [family, judge(from, to, family)]))
        row?.set(column, found)
      }
      return found
    },
    outside(pod, direction, family) {
      if (!hasFamily(pod, family)) return []
      return outsideReach(pod.pod.hostNetwork ? 'open' : pod[direction], family)
    },
  }
}
