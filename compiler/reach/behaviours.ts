import { FAMILIES, type Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { rangesContain, rangesKey } from '../addresses/ranges.ts'
import type { AllowGraph, GraphPod, Isolation } from '../graph/allow-graph.ts'
import type { Grant } from '../graph/grants.ts'
import { inPeerGroup } from '../selectors/in-peer-group.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'

/** Pods that no policy of their cluster tells apart: each reaches, and is reached by, the same others. */
export interface Behaviour {
  readonly key: string
  /** Any of the members speaks for all. */
  readonly members: readonly GraphPod[]
}

/** Every pod with an address, sorted into behaviours; in the order of the graph's pods. */
export function sortIntoBehaviours(graph: AllowGraph): readonly Behaviour[] {
  const pods = [...graph.pods.values()].filter(({ addresses }) => addresses.length > 0)
  const told = whatTellsApart(pods)
  const byLabels = new Map<string, string>()
  const byAddress = new Map<string, string>()
  const sorted = new Map<string, GraphPod[]>()
  for (const pod of pods) {
    const { namespace, labels } = pod.pod
    const labelsKey = `${namespace}\n${labels.key}`
    let groups = byLabels.get(labelsKey)
    if (groups === undefined) byLabels.set(labelsKey, (groups = groupsOf(graph, pod, told.groups)))
    const blocks = pod.addresses.map((address) => blocksOf(address, told.blocks, byAddress))
    const names = told.names.map(({ protocol, name }) =>
      pod.pod.ports.filter((port) => port.protocol === protocol && port.name === name).map(({ number }) => number),
    )
    const key = JSON.stringify([isolationKey(pod.ingress), isolationKey(pod.egress), groups, blocks, names])
    const members = sorted.get(key)
    if (members === undefined) sorted.set(key, [pod])
    else members.push(pod)
  }
  return [...sorted].map(([key, members]) => ({ key, members }))
}

/**
 * Pods on the network of their nodes, sorted by behaviour. No policy governs them and no selector matches them, so only
 * ipBlocks tell them apart, by their addresses. A pod without an address, as in files, is taken to have any.
 */
export function sortHosts(graph: AllowGraph): readonly Behaviour[] {
  const hosts = [...graph.pods.values()].filter(({ pod }) => pod.hostNetwork && !pod.finished)
  const { blocks } = whatTellsApart([...graph.pods.values()])
  const keys = new Map<string, string>()
  const keyOf = ({ pod }: GraphPod) => pod.addresses.map((address) => blocksOf(address, blocks, keys)).join(' ')
  return [...Map.groupBy(hosts, keyOf)].map(([key, members]) => ({ key: `host ${key}`, members }))
}

interface TellsApart {
  readonly groups: readonly PeerGroup[]
  readonly blocks: Readonly<Record<Family, readonly (readonly AddressRange[])[]>>
  readonly names: readonly { readonly protocol: string; readonly name: string }[]
}

function whatTellsApart(pods: readonly GraphPod[]): TellsApart {
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

function groupsOf(graph: AllowGraph, { pod }: GraphPod, groups: readonly PeerGroup[]): string {
  const namespace = { name: pod.namespace, labels: graph.namespaceLabels(pod.namespace).labels }
  return indicesOf(groups, (group) => inPeerGroup(group, namespace, pod.labels.labels))
}

function blocksOf(text: string, blocks: TellsApart['blocks'], keys: Map<string, string>): string {
  const found = keys.get(text)
  if (found !== undefined) return found
  const address = parseAddress(text)
  if (address === undefined) return ''
  const { family, value } = address
  const key = `${family} ${indicesOf(blocks[family], (ranges) => rangesContain(ranges, value))}`
  keys.set(text, key)
  return key
}

function indicesOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): string {
  return items.flatMap((item, index) => (holds(item) ? [index] : [])).join(',')
}

function isolationKey(isolation: Isolation): string {
  return isolation === 'open' ? 'open' : `isolated ${isolation.key}`
}
