import type { Family } from '../addresses/address.ts'
import { blockRange, rangeOfFamily } from '../addresses/block-range.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges, subtractRanges } from '../addresses/ranges.ts'
import type { GraphPod, Isolation } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { outsideReach, subtractOutside } from './outside-reach.ts'
import { EVERY_PORT, type PortSet, subtractPortSets, unionPortSets } from './port-set.ts'

/** Addresses that no pod or node has towards others: loopback, link-local, multicast, reserved, IPv4-mapped (RFC 6890, RFC 4291). */
const NEVER: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  IPv6: ['::/127', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8'],
}

/** Where a pod or a node may be seen whose address is not known. */
export const ANYWHERE: Readonly<Record<Family, readonly AddressRange[]>> = {
  IPv4: anywhere('IPv4'),
  IPv6: anywhere('IPv6'),
}

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
  return known.length === 0 ? ANYWHERE[family] : normalizeRanges(known.map((value) => ({ first: value, last: value })))
}

/** What surely passes between a pod and a pod on the network of another node: what holds wherever that one is seen. */
export function hostPorts(host: GraphPod, pod: GraphPod, direction: Direction, family: Family): PortSet {
  if (pod[direction] === 'open') return EVERY_PORT
  return portsThroughout(pod[direction], whereHostIsSeen(host, direction, family), family)
}

const wherever: Readonly<Record<Family, WeakMap<Exclude<Isolation, 'open'>, PortSet>>> = {
  IPv4: new WeakMap(),
  IPv6: new WeakMap(),
}

/** What one direction of a pod lets pass whatever the other end's address is; many pods share their grants. */
export function portsWherever(isolation: Isolation, family: Family): PortSet {
  if (isolation === 'open') return EVERY_PORT
  let ports = wherever[family].get(isolation)
  if (ports === undefined)
    wherever[family].set(isolation, (ports = portsThroughout(isolation, ANYWHERE[family], family)))
  return ports
}

function portsThroughout(isolation: Isolation, ranges: readonly AddressRange[], family: Family): PortSet {
  const missing = subtractOutside([{ ports: EVERY_PORT, ranges }], outsideReach(isolation, family), [])
  return subtractPortSets(EVERY_PORT, unionPortSets(missing.map(({ ports }) => ports)))
}

function anywhere(family: Family): readonly AddressRange[] {
  const never = NEVER[family].flatMap((text) => parseBlock(text)?.block ?? []).map(blockRange)
  return subtractRanges([rangeOfFamily(family)], normalizeRanges(never))
}
