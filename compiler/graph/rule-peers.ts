import type { Family } from '../addresses/address.ts'
import { blockRange } from '../addresses/block-range.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges, subtractRanges } from '../addresses/ranges.ts'
import type { BlockPeer, Peer, PodPeer, PolicyRule } from '../objects/objects.ts'
import { createPeerGroup, type PeerGroup } from '../selectors/peer-group.ts'
import { ANYONE, type Peers, unionPeers } from './peers.ts'

/** A rule belongs to one policy, so its peers never change; pods of many labels ask for them. */
const known = new WeakMap<PolicyRule, Peers>()

/** The peers of one rule of a policy in this namespace (spec.ingress[].from, spec.egress[].to). */
export function rulePeers(rule: PolicyRule, policyNamespace: string): Peers {
  let peers = known.get(rule)
  if (peers === undefined) known.set(rule, (peers = newRulePeers(rule, policyNamespace)))
  return peers
}

function newRulePeers(rule: PolicyRule, policyNamespace: string): Peers {
  if (rule.peers === 'anyone') return ANYONE
  return unionPeers(rule.peers.map((peer) => onePeer(peer, policyNamespace)))
}

function onePeer(peer: Peer, policyNamespace: string): Peers {
  switch (peer.kind) {
    case 'pods':
      return { kind: 'some', groups: [peerGroup(peer, policyNamespace)], ranges: noRanges }
    case 'block':
      return { kind: 'some', groups: [], ranges: { ...noRanges, [peer.block.family]: blockRanges(peer) } }
  }
}

const noRanges: Readonly<Record<Family, readonly AddressRange[]>> = { IPv4: [], IPv6: [] }

/** The pods that a peer of a policy in this namespace means, by formula. */
export function peerGroup({ namespaces, pods }: PodPeer, policyNamespace: string): PeerGroup {
  return namespaces === 'same'
    ? createPeerGroup({ kind: 'named', name: policyNamespace }, pods)
    : createPeerGroup({ kind: 'selected', selector: namespaces }, pods)
}

/** An except is cut from its own block only; one of the other family cuts nothing (the API server refuses it). */
function blockRanges({ block, excepts }: BlockPeer): readonly AddressRange[] {
  const holes = excepts.filter(({ family }) => family === block.family).map(blockRange)
  return subtractRanges([blockRange(block)], normalizeRanges(holes))
}
