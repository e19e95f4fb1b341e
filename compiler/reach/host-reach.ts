import type { Family } from '../addresses/address.ts'
import { blockRange, rangeOfFamily } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges, subtractRanges } from '../addresses/ranges.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { outsideReach, subtractOutside } from './outside-reach.ts'
import { EVERY_PORT, type PortSet, subtractPortSets, unionPortSets } from './port-set.ts'

/** Addresses that no node has towards other nodes: loopback, link-local, multicast, reserved, IPv4-mapped (RFC 6890, RFC 4291). */
const NEVER: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  IPv6: ['::/127', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8'],
}

const ANY_NODE: Readonly<Record<Family, readonly AddressRange[]>> = { IPv4: anyNode('IPv4'), IPv6: anyNode('IPv6') }

/** The addresses of a pod on the network of its node, which are the node's; none in files. */
export function hostAddresses({ pod }: GraphPod, family: Family): readonly bigint[] {
  return pod.addresses.flatMap((text) => {
    const address = parseAddress(text)
    return address?.family === family ? [address.value] : []
  })
}

/**
 * The addresses at which a pod's policy may see a pod that is on the network of another node. As a destination that is the
 * node's address, where it is known. As a source it may be any address: over VXLAN, Flannel's default, the node connects
 * from its flannel.1.
 */
export function whereHostIsSeen(host: GraphPod, direction: Direction, family: Family): readonly AddressRange[] {
  const known = direction === 'egress' ? hostAddresses(host, family) : []
  return known.length === 0 ? ANY_NODE[family] : normalizeRanges(known.map((value) => ({ first: value, last: value })))
}

/** What surely passes between a pod and a pod on the network of another node: what holds wherever that one is seen. */
export function hostPorts(host: GraphPod, pod: GraphPod, direction: Direction, family: Family): PortSet {
  if (pod[direction] === 'open') return EVERY_PORT
  const everything = [{ ports: EVERY_PORT, ranges: whereHostIsSeen(host, direction, family) }]
  const missing = subtractOutside(everything, outsideReach(pod[direction], family), [])
  return subtractPortSets(EVERY_PORT, unionPortSets(missing.map(({ ports }) => ports)))
}

function anyNode(family: Family): readonly AddressRange[] {
  const never = NEVER[family].flatMap((text) => parseBlock(text)?.block ?? []).map(blockRange)
  return subtractRanges([rangeOfFamily(family)], normalizeRanges(never))
}
