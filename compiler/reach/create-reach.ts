import { FAMILIES, type Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../graph/build-grants.ts'
import { allowedPorts, peerOf } from './allowed-ports.ts'
import { type Behaviour, sortIntoBehaviours } from './behaviours.ts'
import { type OutsideReach, outsideReach } from './outside-reach.ts'
import { ownedAddresses } from './owned-addresses.ts'
import type { PortSet } from './port-set.ts'

/** Who may connect to whom in one graph; asked pod by pod, answered behaviour by behaviour, each pair judged once. */
export interface Reach {
  readonly behaviours: readonly Behaviour[]
  /** undefined: a pod without an address, or of another graph. */
  behaviourOf(pod: GraphPod): Behaviour | undefined
  /** For each family that both have, the ports on which one may connect to the other. Never asked of a pod and itself. */
  between(from: GraphPod, to: GraphPod): ReadonlyMap<Family, PortSet>
  /** What a direction of the pod says about addresses, pods' among them; empty in a family that it has no address of. */
  outside(pod: GraphPod, direction: Direction, family: Family): readonly OutsideReach[]
  /** Every address that some pod owns. */
  readonly owned: Readonly<Record<Family, readonly AddressRange[]>>
}

export function createReach(graph: AllowGraph): Reach {
  const behaviours = sortIntoBehaviours(graph)
  const ofPod = new Map<GraphPod, number>()
  for (const [index, { members }] of behaviours.entries()) for (const member of members) ofPod.set(member, index)
  /** By source, then by destination: one map of all pairs would outgrow what a map can hold. */
  const judged: (ReadonlyMap<Family, PortSet> | undefined)[][] = behaviours.map(() => [])
  const owned: Readonly<Record<Family, readonly AddressRange[]>> = {
    IPv4: ownedAddresses(graph, 'IPv4'),
    IPv6: ownedAddresses(graph, 'IPv6'),
  }

  return {
    behaviours,
    owned,
    behaviourOf: (pod) => behaviours[ofPod.get(pod) ?? -1],
    between(from, to) {
      const row = judged[ofPod.get(from) ?? -1] ?? []
      const column = ofPod.get(to) ?? 0
      let found = row[column]
      if (found === undefined) {
        const shared = FAMILIES.filter((family) => peerOf(from, family) && peerOf(to, family))
        found = new Map(shared.map((family) => [family, allowedPorts(graph, from, to, family)]))
        row[column] = found
      }
      return found
    },
    outside(pod, direction, family) {
      if (peerOf(pod, family) === undefined) return []
      return outsideReach(pod[direction], family)
    },
  }
}
