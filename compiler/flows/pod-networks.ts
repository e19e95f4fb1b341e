import { type Address, addressWidth, type Family } from '../addresses/address.ts'
import type { Block } from '../addresses/block.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'

/** As wide as clusters commonly are; where IPv6 gives nodes a /64, kube-controller-manager takes none that is wider. */
const NETWORK_BITS: Readonly<Record<Family, number>> = { IPv4: 16, IPv6: 48 }

/**
 * Where pods have, or had, their addresses. Nodes tell of their own part of the cluster's network only, and those that are gone of none;
 * their pods' addresses are other pods' by and by. So unless somebody has `said` which network it is, it is that much around what nodes and
 * pods have: rather too much, since whoever is taken for a pod is given no right by address. `usual`: where nothing tells.
 */
export function podNetworks(
  { nodes, graph }: Pick<Cluster, 'nodes' | 'graph'>,
  { said, usual }: { readonly said: Block | undefined; readonly usual: Block },
): readonly Block[] {
  const told = [...nodes.values()].flatMap(({ podRanges }) => podRanges)
  if (said !== undefined) return [...told, said]
  const owned = [...graph.owners.keys()].flatMap((text) => parseAddress(text) ?? [])
  const around = [
    ...told.filter(({ family, prefix }) => prefix < NETWORK_BITS[family]),
    ...told.map(({ family, first }) => networkAround({ family, value: first })),
    ...owned.map(networkAround),
  ]
  const each = new Map(around.map((block) => [`${block.first}/${block.prefix} ${block.family}`, block]))
  return each.size === 0 ? [usual] : [...each.values()]
}

function networkAround({ family, value }: Address): Block {
  const prefix = NETWORK_BITS[family]
  const host = BigInt(addressWidth(family) - prefix)
  return { family, first: (value >> host) << host, prefix }
}
