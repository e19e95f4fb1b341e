import { FAMILIES, type Family } from '../addresses/address.ts'
import { blockRange, rangeOfFamily } from '../addresses/block-range.ts'
import type { AddressRange } from '../addresses/range.ts'
import { subtractRanges, unionRanges } from '../addresses/ranges.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import { podsBut, type PodSet } from './group-pods.ts'
import type { SelectedPods } from './policy-test.ts'
import { isLike, type Labels, type PossiblePod } from './possible-pods.ts'
import type { World } from './world.ts'

/** Who is meant at one end, in one world. */
export interface EndSet {
  /** With an address of their own. */
  readonly pods: PodSet
  /** On the network of their nodes. */
  readonly hosts: ReadonlySet<GraphPod>
  /** Addresses; those that no pod owns are meant. */
  readonly outside: Outside
  /** Is a pod that the input need not have one of them, by what the end says? Never of one that is named. */
  readonly holds: (possible: PossiblePod) => boolean
  /** The same, or it is like one of these pods. */
  readonly covers: (possible: PossiblePod) => boolean
}

export type Outside = Readonly<Record<Family, readonly AddressRange[]>>

export const NO_ADDRESS: Outside = { IPv4: [], IPv6: [] }
const EVERY_ADDRESS: Outside = { IPv4: [rangeOfFamily('IPv4')], IPv6: [rangeOfFamily('IPv6')] }

export const NOBODY: EndSet = {
  pods: new Set(),
  hosts: new Set(),
  outside: NO_ADDRESS,
  holds: () => false,
  covers: () => false,
}

/** Every pod, those on the network of nodes too. */
export function everyPod(world: World): EndSet {
  return { ...NOBODY, pods: world.everyPod, hosts: new Set(world.hosts), holds: () => true, covers: () => true }
}

export function everyAddress(): EndSet {
  return { ...NOBODY, outside: EVERY_ADDRESS }
}

export function addressesOf(ranges: readonly { readonly family: Family; readonly range: AddressRange }[]): EndSet {
  const outside = { ...NO_ADDRESS }
  for (const { family, range } of ranges) outside[family] = unionRanges(outside[family], [range])
  return { ...NOBODY, outside }
}

export function blockSet(block: Parameters<typeof blockRange>[0]): EndSet {
  return addressesOf([{ family: block.family, range: blockRange(block) }])
}

/** Pods that were named. */
export function namedPods(world: World, pods: readonly GraphPod[], hosts: readonly GraphPod[] = []): EndSet {
  const { graph } = world.cluster
  const covers = (possible: PossiblePod): boolean => pods.some((pod) => isLikePod(possible, pod, graph.namespaceLabels))
  return { ...NOBODY, pods: new Set(pods), hosts: new Set(hosts), covers }
}

function isLikePod(
  possible: PossiblePod,
  { pod }: GraphPod,
  labelsOf: (namespace: string) => { readonly labels: Labels },
): boolean {
  return isLike(possible, pod.namespace, labelsOf(pod.namespace).labels, pod.labels.labels)
}

/** Pods by labels; one on the network of its node is still such a pod, although no policy selects it. */
export function selectedSet(world: World, { namespaces, pods: selector }: SelectedPods): EndSet {
  const [only, ...more] = namespaces.requirements
  const isNamed = only?.key === NAMESPACE_NAME_LABEL && only.operator === 'In' && more.length === 0
  const wanted = isNamed
    ? only.values
    : [...world.namespaces].flatMap(([name, labels]) => (matchesSelector(namespaces, labels) ? [name] : []))
  const isWanted = ({ pod }: GraphPod): boolean => matchesSelector(selector, pod.labels.labels)
  const pods = wanted.flatMap((name) => (world.inNamespace.get(name) ?? []).filter(isWanted))
  const hosts = world.hosts.filter((host) => wanted.includes(host.pod.namespace) && isWanted(host))
  const named = namedPods(world, pods, hosts)
  const holds = (possible: PossiblePod): boolean =>
    matchesSelector(namespaces, possible.namespaceLabels) && matchesSelector(selector, possible.labels)
  return { ...named, holds, covers: (possible) => holds(possible) || named.covers(possible) }
}

/** Everybody else: pods, hosts and addresses. */
export function everythingElse(world: World, but: EndSet): EndSet {
  const all = everyPod(world)
  return {
    pods: podsBut(world, but.pods),
    hosts: new Set([...all.hosts].filter((pod) => !but.hosts.has(pod))),
    outside: eachFamily((family) => subtractRanges(EVERY_ADDRESS[family], but.outside[family])),
    holds: (possible) => !but.covers(possible),
    covers: (possible) => !but.covers(possible),
  }
}

export function unionEnds(ends: readonly EndSet[]): EndSet {
  const [only] = ends
  if (only !== undefined && ends.length === 1) return only
  return {
    pods: new Set(ends.flatMap(({ pods }) => [...pods])),
    hosts: new Set(ends.flatMap(({ hosts }) => [...hosts])),
    outside: eachFamily((family) =>
      ends.reduce<readonly AddressRange[]>((ranges, { outside }) => unionRanges(ranges, outside[family]), []),
    ),
    holds: (possible) => ends.some((end) => end.holds(possible)),
    covers: (possible) => ends.some((end) => end.covers(possible)),
  }
}

export function eachFamily(ranges: (family: Family) => readonly AddressRange[]): Outside {
  const [IPv4 = [], IPv6 = []] = FAMILIES.map(ranges)
  return { IPv4, IPv6 }
}
