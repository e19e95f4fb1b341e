import { FAMILIES } from '../addresses/address.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { isolationKey } from '../graph/isolation-key.ts'
import type { NamedPort } from '../objects/objects.ts'
import type { Reach } from './create-reach.ts'
import type { ReachNode } from './fold.ts'

export interface Side {
  readonly graph: AllowGraph
  readonly reach: Reach
}

/**
 * Tells whether a node of one side is the same on the other in all that a judgement looks at: isolation, labels of pods and
 * namespace, addresses, ports, where they run. What passes between two nodes that are the same passes on both sides. False
 * may also mean that they look different and are not.
 */
export function createSameNode(left: Side, right: Side): (one: ReachNode, other: ReachNode) => boolean {
  // A pod on the network of a node of which no address is known has the families of the pods around it.
  const haveSameFamilies = FAMILIES.every(
    (family) => left.reach.owned[family].length > 0 === right.reach.owned[family].length > 0,
  )
  const keysOf = ({ graph }: Side, { members }: ReachNode): readonly string[] | undefined => {
    const [first] = members
    if (first === undefined) return undefined
    const { namespace, labels, hostNetwork, addresses, ports } = first.pod
    return [
      isolationKey(first.ingress),
      isolationKey(first.egress),
      namespace,
      labels.key,
      graph.namespaceLabels(namespace).key,
      JSON.stringify([hostNetwork, addresses, first.addresses, ports.map(portKey)]),
      JSON.stringify(placesOf(members)),
    ]
  }
  return (one, other) => {
    if (one.hostNetwork && !haveSameFamilies) return false
    const keys = keysOf(left, one)
    const otherKeys = keysOf(right, other)
    return keys !== undefined && keys.every((key, index) => key === otherKeys?.[index])
  }
}

function portKey({ protocol, name, number }: NamedPort): string {
  return `${protocol} ${name} ${number}`
}

/** Between a node of the cluster and pods that are all on it everything passes. */
function placesOf(members: readonly GraphPod[]): readonly string[] {
  return [...new Set(members.map(({ pod }) => pod.node ?? ''))].sort()
}
