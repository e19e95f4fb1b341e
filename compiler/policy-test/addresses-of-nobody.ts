import { FAMILIES } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { intersectRanges, normalizeRanges, subtractRanges } from '../addresses/ranges.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { subtractOutside } from '../reach/outside-reach.ts'
import { intersectPortSets, isNoPort, type PortSet } from '../reach/port-set.ts'
import type { Spot } from './finding.ts'
import { ownNodeAddresses } from './passing.ts'
import type { TargetAddresses } from './resolve-target.ts'
import { unowned } from './unowned.ts'
import type { World } from './world.ts'

/** An address that is an example of more, and the ports on which it is not as it should be. */
export interface AddressPorts {
  readonly spot: Spot
  readonly ports: PortSet
}

/**
 * What these pods, which are alike, have to do with addresses of nobody in a direction: where some of the asked ports are
 * allowed, one example a grant. Their own node does not count.
 */
export function allowedAddresses(
  world: World,
  members: readonly GraphPod[],
  direction: Direction,
  asked: readonly TargetAddresses[],
): readonly AddressPorts[] {
  const [pod] = members
  if (pod === undefined || asked.length === 0) return []
  return asked.flatMap(({ family, ranges, ports }) =>
    world.reach.outside(pod, direction, family).flatMap((granted): readonly AddressPorts[] => {
      const shared = intersectPortSets(granted.ports, ports)
      if (isNoPort(shared)) return []
      return exampleOf(world, members, family, intersectRanges(granted.ranges, ranges), shared)
    }),
  )
}

/** The same for what is not allowed. */
export function deniedAddresses(
  world: World,
  members: readonly GraphPod[],
  direction: Direction,
  asked: readonly TargetAddresses[],
): readonly AddressPorts[] {
  const [pod] = members
  if (pod === undefined) return []
  return asked.flatMap(({ family, ranges, ports }) => {
    if (!hasFamily(pod, family)) return []
    const missing = subtractOutside([{ ports, ranges }], world.reach.outside(pod, direction, family), [])
    return missing.flatMap((one) => exampleOf(world, members, family, one.ranges, one.ports))
  })
}

/** Addresses that are allowed on none of the asked ports. */
export function unreachedAddresses(
  world: World,
  members: readonly GraphPod[],
  direction: Direction,
  asked: readonly TargetAddresses[],
): readonly AddressPorts[] {
  const [pod] = members
  if (pod === undefined) return []
  return asked.flatMap(({ family, ranges, ports }): readonly AddressPorts[] => {
    if (!hasFamily(pod, family)) return []
    const granted = world.reach.outside(pod, direction, family)
    const reached = granted.filter((one) => !isNoPort(intersectPortSets(one.ports, ports)))
    const rest = subtractRanges(ranges, normalizeRanges(reached.flatMap((one) => one.ranges)))
    return exampleOf(world, members, family, rest, ports)
  })
}

/** What is allowed beyond these. */
export function furtherAddresses(
  world: World,
  members: readonly GraphPod[],
  direction: Direction,
  listed: readonly TargetAddresses[],
): readonly AddressPorts[] {
  const [pod] = members
  if (pod === undefined) return []
  return FAMILIES.flatMap((family) => {
    const granted = world.reach.outside(pod, direction, family)
    if (granted.length === 0) return []
    const further = subtractOutside(
      granted,
      listed.filter((one) => one.family === family),
      [],
    )
    return further.flatMap(({ ports, ranges }) => exampleOf(world, members, family, ranges, ports))
  })
}

/**
 * An address of these that nobody owns, with its ports: one that is kept for examples if it is there (RFC 5737, RFC 3849), else the
 * first; none where all are somebody's.
 */
function exampleOf(
  world: World,
  members: readonly GraphPod[],
  family: TargetAddresses['family'],
  ranges: TargetAddresses['ranges'],
  ports: PortSet,
): readonly AddressPorts[] {
  const own = [...ownNodeAddresses(world, members)].flatMap((text) => parseAddress(text) ?? [])
  const values = own.filter((address) => address.family === family).map(({ value }) => value)
  const nodes = normalizeRanges(values.map((value) => ({ first: value, last: value })))
  const free = unowned(subtractRanges(ranges, nodes), world.reach.owned[family])
  const [first] = free
  if (first === undefined) return []
  const example = family === 'IPv4' ? 0xc0000201n : (0x20010db8n << 96n) + 1n
  return [{ spot: { kind: 'address', family, value: has(free, example) ? example : first.first }, ports }]
}

function has(ranges: readonly AddressRange[], value: bigint): boolean {
  return ranges.some(({ first, last }) => first <= value && value <= last)
}

function hasFamily({ addresses, pod }: GraphPod, family: TargetAddresses['family']): boolean {
  const own = pod.hostNetwork ? pod.addresses : addresses
  return own.some((text) => text.includes(':') === (family === 'IPv6'))
}
