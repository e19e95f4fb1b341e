import type { Family } from '../addresses/address.ts'
import { rangeOfFamily } from '../addresses/block-range.ts'
import { coverRange } from '../addresses/cover-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { intersectRanges, normalizeRanges, rangesContain, rangesCover, subtractRanges } from '../addresses/ranges.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { nodeOf } from '../cluster/node.ts'
import type { Isolation } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import { outsideReach } from '../reach/outside-reach.ts'
import { ownedAddresses } from '../reach/owned-addresses.ts'
import { type ConnectionAnswer, explainConnection, OPEN_DIRECTION } from './explain-connection.ts'
import type { Refusal, Site } from './site.ts'

/** Where every address of nobody is answered alike, one that is kept for examples stands for all (RFC 5737, RFC 3849). */
const EXAMPLES: Readonly<Record<Family, bigint>> = { IPv4: 0xc0000201n, IPv6: 0x20010db8n << 96n }
const MOST_BLOCKS = 5

/**
 * A connection with a node whose address nobody knows, answered where the answer is the same for every node of the input,
 * or, without Nodes in it, for every address that no pod owns. Undefined: the other end has no address of the family.
 */
export function unknownAddress(
  cluster: Cluster,
  from: Site,
  to: Site,
  transport: Transport,
  family: Family,
): ConnectionAnswer | Refusal | undefined {
  const [pod, host] = from.kind === 'pod' ? [from, to] : [to, from]
  const direction = from.kind === 'pod' ? 'egress' : 'ingress'
  if (pod.kind !== 'pod') {
    if (pod.kind === 'address' && pod.address.family !== family) return undefined
    return { allowed: true, itself: false, ownNode: undefined, egress: OPEN_DIRECTION, ingress: OPEN_DIRECTION }
  }
  const own = peerOf(pod.pod, family)
  if (own === undefined) return undefined
  const node = host.kind === 'host' ? host.node : undefined
  const isOwn = node !== undefined && nodeOf(cluster.nodes, pod.pod)?.name === node
  const candidates = candidatesOf(cluster, family)
  const granted = grantedRanges(pod.pod[direction], transport, family)
  const allowed = intersectRanges(granted, candidates)
  if (!isOwn && allowed.length > 0 && !rangesCover(granted, candidates)) {
    const blocks = granted.flatMap((range) => coverRange(range, family)).map(formatBlock)
    const shown = blocks.length > MOST_BLOCKS ? `${blocks.slice(0, MOST_BLOCKS).join(', ')}, …` : blocks.join(', ')
    const problem = `it depends on the address of ${host.name}: ${direction} of ${pod.name} is allowed for ${shown} only`
    return { kind: 'problem', problem, hint: 'ask for the address of the node that is meant' }
  }
  const [first] = candidates
  const example = rangesContain(candidates, EXAMPLES[family]) ? EXAMPLES[family] : (first?.first ?? EXAMPLES[family])
  const other = { family, value: example }
  const ends =
    direction === 'egress' ? { source: own.address, destination: other } : { source: other, destination: own.address }
  const known = { outside: host.name, ownNode: isOwn ? pod.pod : undefined, otherNode: !isOwn }
  return explainConnection(cluster, { ...ends, transport }, known)
}

/** What the node's address may be: that of a Node of the input, over VXLAN too; without any, all that no pod owns. */
function candidatesOf({ graph, nodes }: Cluster, family: Family): readonly AddressRange[] {
  const declared = [...nodes.values()].filter((node) => node.declared)
  const texts = declared.flatMap(({ addresses, tunnelAddresses }) => [...addresses, ...tunnelAddresses])
  const known = texts.flatMap((text) => parseAddress(text) ?? []).filter((address) => address.family === family)
  if (known.length > 0) return normalizeRanges(known.map(({ value }) => ({ first: value, last: value })))
  return subtractRanges([rangeOfFamily(family)], ownedAddresses(graph, family))
}

function grantedRanges(isolation: Isolation, transport: Transport, family: Family): readonly AddressRange[] {
  const granting = outsideReach(isolation, family).filter(({ ports }) => {
    if (transport.protocol === 'other') return ports.other
    const { port } = transport
    return ports.ranges[transport.protocol].some(({ from, to }) => from <= port && port <= to)
  })
  return normalizeRanges(granting.flatMap(({ ranges }) => ranges))
}
