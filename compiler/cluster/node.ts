import { canonicalAddress } from '../addresses/canonical-address.ts'
import { formatAddress } from '../addresses/format-address.ts'
import type { Block } from '../addresses/block.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { ClusterObject, Pod } from '../objects/objects.ts'
import type { OtherObject } from '../objects/read-objects.ts'
import { fieldsOf, itemsOf, textOf, textsOf } from './loose-fields.ts'

/** A node, as far as addresses tell it from everybody else; all in canonical text. */
export interface Node {
  readonly name: string
  /** The input has its Node object, rather than only pods that name it. */
  readonly declared: boolean
  /** Its own: status.addresses of type InternalIP, status.hostIPs of its pods, and what host-network pods have. */
  readonly addresses: readonly string[]
  /** status.addresses of type ExternalIP: it answers there, but does not connect from there. */
  readonly externalAddresses: readonly string[]
  /** The first of each podCIDR, which Flannel gives to flannel.1 (VXLAN): what other nodes see when this one connects. */
  readonly tunnelAddresses: readonly string[]
  /** The second of each podCIDR, which the bridge CNI plugin gives to cni0: what its own pods see. */
  readonly bridgeAddresses: readonly string[]
  /** spec.podCIDRs: where its pods have their addresses. */
  readonly podRanges: readonly Block[]
}

/** Every node that a Node object or a pod names, by name. */
export function readNodes(
  objects: readonly ClusterObject[],
  others: readonly OtherObject[],
): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  for (const { kind, name, value } of others) if (kind === 'Node') nodes.set(name, decodeNode(name, value))
  const told = new Map<string, Set<string>>()
  for (const object of objects) {
    if (object.kind !== 'Pod' || object.node === undefined) continue
    const known = told.get(object.node) ?? new Set<string>()
    told.set(object.node, known)
    for (const address of ownOf(object)) known.add(address)
  }
  for (const [name, addresses] of told) {
    const node = nodes.get(name) ?? { ...EMPTY, name }
    nodes.set(name, { ...node, addresses: [...new Set([...node.addresses, ...addresses])] })
  }
  return nodes
}

const EMPTY: Omit<Node, 'name'> = {
  declared: false,
  addresses: [],
  externalAddresses: [],
  tunnelAddresses: [],
  bridgeAddresses: [],
  podRanges: [],
}

function ownOf({ host, hostNetwork, addresses }: Pod): readonly string[] {
  return [...(host?.addresses ?? []), ...(hostNetwork ? addresses : [])]
}

/** A core/v1 Node as far as it can be read; what cannot is left out. */
function decodeNode(name: string, value: OtherObject['value']): Node {
  const spec = fieldsOf(value, 'spec')
  const written = itemsOf(fieldsOf(value, 'status'), 'addresses')
  const ofType = (type: string) =>
    written
      .filter((one) => textOf(one, 'type') === type)
      .flatMap((one) => canonicalAddress(textOf(one, 'address') ?? '') ?? [])
  const one = textOf(spec, 'podCIDR')
  const ranges = textsOf(spec, 'podCIDRs').length > 0 ? textsOf(spec, 'podCIDRs') : one === undefined ? [] : [one]
  const blocks = ranges.flatMap((range) => parseBlock(range)?.block ?? [])
  const numbered = (offset: bigint) =>
    blocks.map(({ family, first }) => formatAddress({ family, value: first + offset }))
  return {
    name,
    declared: true,
    addresses: ofType('InternalIP'),
    externalAddresses: ofType('ExternalIP'),
    tunnelAddresses: numbered(0n),
    bridgeAddresses: numbered(1n),
    podRanges: blocks,
  }
}

/** The node that has this address, seen from wherever. */
export function nodeAt(nodes: ReadonlyMap<string, Node>, address: string): Node | undefined {
  return [...nodes.values()].find((node) => answersAt(node, address))
}

/** Does the node answer at this address? */
export function answersAt(node: Node, address: string): boolean {
  return connectsFrom(node, address) || node.externalAddresses.includes(address)
}

/** May a packet of the node itself have this source? */
export function connectsFrom(node: Node, address: string): boolean {
  const { addresses, tunnelAddresses, bridgeAddresses } = node
  return [addresses, tunnelAddresses, bridgeAddresses].some((list) => list.includes(address))
}

/** The node that a pod is on: spec.nodeName, else the one with its status.hostIP. */
export function nodeOf(nodes: ReadonlyMap<string, Node>, { pod }: GraphPod): Node | undefined {
  if (pod.node !== undefined) return nodes.get(pod.node)
  const [address] = pod.host?.addresses ?? []
  return address === undefined ? undefined : nodeAt(nodes, address)
}
