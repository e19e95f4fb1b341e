import type { Block } from '../../../compiler/addresses/block.ts'
import { parseBlock } from '../../../compiler/addresses/parse-block.ts'

/** What flanneld notes for its plugin (flannel, pkg/subnet: WriteSubnetFile): this node's part of either family. */
const LINE = /^(?:FLANNEL_SUBNET|FLANNEL_IPV6_SUBNET)=(\S+)\s*$/gm
/** A node's part of the pods' network is never as large as this: a shorter prefix is a mistake, and holding it cuts off the node. */
const SHORTEST_PREFIX = { IPv4: 8, IPv6: 16 } as const

/** The subnets in the text of `/run/flannel/subnet.env`, IPv4 first. The addresses there are the bridge's, with host bits. */
export function flannelSubnets(text: string): readonly Block[] {
  return usableSubnets([...text.matchAll(LINE)].map(([, written = '']) => written))
}

/** The subnets that these texts (`10.244.1.1/24`) lie in, IPv4 first; what is no subnet of a node is left out. */
export function usableSubnets(texts: readonly string[]): readonly Block[] {
  return texts
    .flatMap((text) => parseBlock(text)?.block ?? [])
    .filter(({ family, prefix }) => prefix >= SHORTEST_PREFIX[family])
    .toSorted((left, right) => (left.family < right.family ? -1 : left.family > right.family ? 1 : 0))
}
