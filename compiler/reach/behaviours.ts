import { FAMILIES, type Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { rangesKey } from '../addresses/ranges.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Grant } from '../graph/grants.ts'
import { isolationKey } from '../graph/isolation-key.ts'
import { createMembershipIndex } from '../selectors/membership-index.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { type BlockIndex, createBlockIndex } from './block-index.ts'

/** Pods that no policy of their cluster tells apart: each reaches, and is reached by, the same others. */
export interface Behaviour {
  readonly key: string
  /** Any of the members speaks for all. */
  readonly members: readonly GraphPod[]
  /** What policies name them by: {@link groupName}, {@link rangesName}. Of pods on the network of a node nothing is said. */
  readonly named: readonly string[]
}

/** A group of peers as a name, and below ranges of addresses: no two of either have one name. */
export function groupName(group: PeerGroup): string {
  return group.key
}

export function rangesName(family: Family, ranges: readonly AddressRange[]): string {
  return `${family} ${rangesKey(ranges)}`
}

/** The pods of a graph that have an address of their own, and may reach others and be reached. */
export function podsWithAddress(graph: AllowGraph): readonly GraphPod[] {
  return [...graph.pods.values()].filter(({ addresses }) => addresses.length > 0)
}

/**
 * Every pod with an address, sorted into behaviours; in the order of the graph's pods. `others`: pods that are not in the
 * graph, and whose policies may tell its pods apart, too.
 */
export function sortIntoBehaviours(graph: AllowGraph, others: readonly GraphPod[]): readonly Behaviour[] {
  const pods = podsWithAddress(graph)
  const told = whatTellsApart([...pods, ...others])
  const groupsOf = createGroupsOf(graph, told.groups)
  const blocksOf = createBlockIndex(told.blocks)
  const sorted = new Map<string, { readonly members: GraphPod[]; readonly named: readonly string[] }>()
  for (const pod of pods) {
    const groups = groupsOf(pod)
    const blocks = pod.addresses.map((address) => blocksKey(address, blocksOf))
    const names = told.names.map(({ protocol, name }) =>
      pod.pod.ports.filter((port) => port.protocol === protocol && port.name === name).map(({ number }) => number),
    )
    const key = JSON.stringify([isolationKey(pod.ingress), isolationKey(pod.egress), groups.key, blocks, names])
    const known = sorted.get(key)
    if (known !== undefined) known.members.push(pod)
    else sorted.set(key, { members: [pod], named: [...groups.named, ...rangesNamesOf(pod, told.blocks, blocksOf)] })
  }
  return [...sorted].map(([key, { members, named }]) => ({ key, members, named }))
}

/**
 * Pods on the network of their nodes, sorted by behaviour. No policy governs them and no selector matches them, so only
 * ipBlocks tell them apart, by their addresses. A pod without an address, as in files, is taken to have any.
 */
export function sortHosts(graph: AllowGraph, others: readonly GraphPod[]): readonly Behaviour[] {
  const hosts = [...graph.pods.values()].filter(({ pod }) => pod.hostNetwork && !pod.finished)
  const blocksOf = createBlockIndex(whatTellsApart([...graph.pods.values(), ...others]).blocks)
  const keyOf = ({ pod }: GraphPod) => pod.addresses.map((address) => blocksKey(address, blocksOf)).join(' ')
  return [...Map.groupBy(hosts, keyOf)].map(([key, members]) => ({ key: `host ${key}`, members, named: [] }))
}

interface TellsApart {
  readonly groups: readonly PeerGroup[]
  readonly blocks: Readonly<Record<Family, readonly (readonly AddressRange[])[]>>
  readonly names: readonly { readonly protocol: string; readonly name: string }[]
}

/** The peers, blocks and port names of the policies of these pods. */
export function whatTellsApart(pods: readonly GraphPod[]): TellsApart {
  const groups = new Map<string, PeerGroup>()
  const blocks = { IPv4: new Map<string, readonly AddressRange[]>(), IPv6: new Map<string, readonly AddressRange[]>() }
  const names = new Map<string, { readonly protocol: string; readonly name: string }>()
  for (const { ports, peers } of distinctGrants(pods)) {
    if (ports.kind === 'name') names.set(`${ports.protocol} ${ports.name}`, ports)
    if (peers.kind === 'anyone') continue
    for (const group of peers.groups) groups.set(group.key, group)
    for (const family of FAMILIES) {
      if (peers.ranges[family].length > 0) blocks[family].set(rangesKey(peers.ranges[family]), peers.ranges[family])
    }
  }
  return {
    groups: [...groups.values()],
    blocks: { IPv4: [...blocks.IPv4.values()], IPv6: [...blocks.IPv6.values()] },
    names: [...names.values()],
  }
}

/** Many pods share their grants. */
function distinctGrants(pods: readonly GraphPod[]): readonly Grant[] {
  const lists = new Map<string, readonly Grant[]>()
  for (const { ingress, egress } of pods) {
    for (const isolation of [ingress, egress]) if (isolation !== 'open') lists.set(isolation.key, isolation.list)
  }
  return [...lists.values()].flat()
}

interface InGroups {
  readonly named: readonly string[]
  readonly key: string
}

/** The groups that a pod is in. They depend on its namespace and labels, and are found without asking every group. */
function createGroupsOf(graph: AllowGraph, groups: readonly PeerGroup[]): (pod: GraphPod) => InGroups {
  const index = createMembershipIndex<GraphPod>(graph.namespaceLabels)
  const positions = new Map(groups.map((group, position) => [index.use(group), position]))
  const known = new Map<unknown, InGroups>()
  return (pod) => {
    const bucket = index.add(pod, pod.pod.namespace, pod.pod.labels)
    let found = known.get(bucket)
    if (found === undefined) {
      const sorted = [...bucket.groups].map((node) => positions.get(node) ?? -1).sort((left, right) => left - right)
      found = { named: sorted.flatMap((position) => groups[position] ?? []).map(groupName), key: sorted.join() }
      known.set(bucket, found)
    }
    return found
  }
}

function blocksKey(text: string, blocksOf: BlockIndex): string {
  const address = parseAddress(text)
  return address === undefined ? '' : `${address.family} ${blocksOf(address).join()}`
}

function rangesNamesOf({ addresses }: GraphPod, blocks: TellsApart['blocks'], blocksOf: BlockIndex): readonly string[] {
  return addresses
    .flatMap((text) => parseAddress(text) ?? [])
    .flatMap((address) =>
      blocksOf(address).map((position) => rangesName(address.family, blocks[address.family][position] ?? [])),
    )
}
