import type { Family } from '../../../compiler/addresses/address.ts'
import { rangeOfFamily } from '../../../compiler/addresses/block-range.ts'
import type { GraphPod } from '../../../compiler/graph/allow-graph.ts'
import { peerOf } from '../../../compiler/graph/peer-of.ts'
import { type Direction, DIRECTIONS } from '../../../compiler/objects/direction.ts'
import { grantedPorts } from '../../../compiler/reach/allowed-ports.ts'
import type { Reach } from '../../../compiler/reach/create-reach.ts'
import { hostPorts } from '../../../compiler/reach/host-reach.ts'
import { subtractOutside } from '../../../compiler/reach/outside-reach.ts'
import {
  EVERY_PORT,
  isNoPort,
  NO_PORT,
  type PortSet,
  portTexts,
  subtractPortSets,
} from '../../../compiler/reach/port-set.ts'
import { cidrsOf } from '../../../compiler/reach/outside-reach.ts'
import type { AllowGraph } from '../../../compiler/graph/allow-graph.ts'
import { FAMILIES } from '../../../compiler/addresses/address.ts'
import { portsText } from '../edge-lines.ts'
import { outsideText } from '../outside-text.ts'
import type { OutsideEntry } from './outside-entries.ts'

/** The other side of what passes between two pods, in each family that both have. */
export function deniedBetween(allowed: ReadonlyMap<Family, PortSet>): ReadonlyMap<Family, PortSet> {
  return new Map([...allowed].map(([family, ports]) => [family, subtractPortSets(EVERY_PORT, ports)]))
}

/** The directions in which policies hold something back between two pods, outgoing first. */
export function heldBack(graph: AllowGraph, from: GraphPod, to: GraphPod): readonly Direction[] {
  return DIRECTIONS.toReversed().filter((direction) =>
    FAMILIES.some((family) => !isNoPort(deniedBy(graph, from, to, direction, family))),
  )
}

function deniedBy(graph: AllowGraph, from: GraphPod, to: GraphPod, direction: Direction, family: Family): PortSet {
  const [own, other] = direction === 'egress' ? [from, to] : [to, from]
  if (own.pod.hostNetwork || own[direction] === 'open') return NO_PORT
  if (other.pod.hostNetwork) return subtractPortSets(EVERY_PORT, hostPorts(other, own, direction, family))
  const peer = peerOf(other, family)
  if (peer === undefined || peerOf(own, family) === undefined) return NO_PORT
  return subtractPortSets(EVERY_PORT, grantedPorts(graph, own[direction], peer, to.pod.ports))
}

/** What a direction of a pod does not let pass from or to addresses outside. */
export function deniedOutside(reach: Reach, pod: GraphPod | undefined, direction: Direction): readonly OutsideEntry[] {
  if (pod === undefined || pod.pod.hostNetwork || pod[direction] === 'open') return []
  return FAMILIES.filter((family) => reach.hasFamily(pod, family)).flatMap((family) => {
    const everything = [{ ports: EVERY_PORT, ranges: [rangeOfFamily(family)] }]
    const denied = subtractOutside(everything, reach.outside(pod, direction, family), reach.owned[family])
    return denied.map(({ ports, ranges }): OutsideEntry => {
      const text = portsText(portTexts(ports).map((one) => ({ from: '', to: '', ...one })))
      return { addresses: outsideText(cidrsOf(ranges, family, reach.owned[family])), text, ports, rules: [] }
    })
  })
}
