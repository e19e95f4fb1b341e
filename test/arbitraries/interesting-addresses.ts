import { cidrBits } from '../oracle/in-block.ts'
import { addressesOf } from '../oracle/owner-of.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { blockEdges, canonical, isOrdinary } from './block-edges.ts'
import { NODES } from './pods.ts'

/** Nearly the ends of each family, and ordinary strangers. */
const STRANGERS = ['1.0.0.0', '203.0.113.7', '223.255.255.255', '::2', '2001:db8::7', 'fe7f:ffff::']

/** Every address that a pod has, whether or not it owns it; canonical, in order of appearance. */
export function podAddresses(cluster: RawCluster): readonly string[] {
  return [...new Set(cluster.pods.flatMap(addressesOf).map(canonical))]
}

/** Addresses that no pod has: at and around the edges of every block and except, the nodes, strangers. */
export function outsideAddresses(cluster: RawCluster): readonly string[] {
  const pods = new Set(podAddresses(cluster))
  const edges = [...new Set(readableBlocksOf(cluster).flatMap(blockEdges))].filter(isOrdinary)
  const candidates = [...edges, ...NODES.flatMap((node) => node.addresses), ...STRANGERS]
  return [...new Set(candidates)].filter((address) => !pods.has(address))
}

/** A refused policy may hold a cidr that is none. */
function readableBlocksOf(cluster: RawCluster): readonly string[] {
  return [...new Set(blocksOf(cluster))].filter((cidr) => cidrBits(cidr) !== undefined)
}

/** Every cidr and except that a policy writes. */
export function blocksOf(cluster: RawCluster): readonly string[] {
  return cluster.policies.flatMap((policy) =>
    [...(policy.spec?.ingress ?? []), ...(policy.spec?.egress ?? [])]
      .flatMap((rule) => [...(rule?.from ?? []), ...(rule?.to ?? [])])
      .flatMap((peer) => (peer?.ipBlock ? [peer.ipBlock.cidr, ...(peer.ipBlock.except ?? [])] : [])),
  )
}
