import type { Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import type { Grants } from '../graph/grants.ts'
import type { Peers } from '../graph/peers.ts'
import type { Protocol } from '../objects/protocol.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { protocolWord } from './rule-text.ts'

/** An interval of ports for the members of some groups. */
export interface PortGrant {
  readonly protocol: Protocol
  readonly from: number
  readonly to: number
  readonly groups: readonly PeerGroup[]
}

/** Address ranges for all protocols, for one, or for an interval of its ports. */
export interface BlockGrant {
  readonly ports:
    | { readonly kind: 'any' }
    | { readonly kind: 'protocol'; readonly protocol: Protocol }
    | { readonly kind: 'range'; readonly protocol: Protocol; readonly from: number; readonly to: number }
  readonly ranges: readonly AddressRange[]
}

/** The grants of one class, sorted by what the kernel needs to check them in one family. */
export interface ClassParts {
  /** Matches (empty, or `meta l4proto tcp`) that are open to anyone. */
  readonly anyone: readonly string[]
  readonly anyonePorts: readonly Omit<PortGrant, 'groups'>[]
  /** Groups that may use everything, or a whole protocol. */
  readonly wide: readonly { readonly match: string; readonly groups: readonly PeerGroup[] }[]
  readonly ports: readonly PortGrant[]
  readonly names: readonly { readonly protocol: Protocol; readonly name: string; readonly peers: Peers }[]
  readonly blocks: readonly BlockGrant[]
}

/** Sorts the grants; whatever speaks of the other family only is left out. */
export function classParts(grants: Grants, family: Family): ClassParts {
  const anyone: string[] = []
  const anyonePorts: Omit<PortGrant, 'groups'>[] = []
  const wide: { match: string; groups: readonly PeerGroup[] }[] = []
  const portGrants: PortGrant[] = []
  const names: { protocol: Protocol; name: string; peers: Peers }[] = []
  const blocks: BlockGrant[] = []

  for (const { ports, peers } of grants.list) {
    if (ports.kind === 'name') {
      names.push({ protocol: ports.protocol, name: ports.name, peers })
      continue
    }
    if (peers.kind === 'some' && peers.ranges[family].length > 0) blocks.push({ ports, ranges: peers.ranges[family] })
    if (ports.kind === 'range') {
      const { protocol, from, to } = ports
      if (peers.kind === 'anyone') anyonePorts.push({ protocol, from, to })
      else if (peers.groups.length > 0) portGrants.push({ protocol, from, to, groups: peers.groups })
      continue
    }
    const match = ports.kind === 'any' ? '' : `meta l4proto ${protocolWord(ports.protocol)}`
    if (peers.kind === 'anyone') anyone.push(match)
    else if (peers.groups.length > 0) wide.push({ match, groups: peers.groups })
  }
  return { anyone, anyonePorts, wide, ports: joinNeighbours(portGrants), names, blocks }
}

/** Intervals that differ only in their blocks are one interval to the groups. */
function joinNeighbours(ports: readonly PortGrant[]): readonly PortGrant[] {
  const joined: PortGrant[] = []
  for (const next of ports) {
    const last = joined.at(-1)
    const touches = last !== undefined && last.protocol === next.protocol && last.to + 1 === next.from
    if (touches && sameGroups(last.groups, next.groups)) joined[joined.length - 1] = { ...last, to: next.to }
    else joined.push(next)
  }
  return joined
}

function sameGroups(left: readonly PeerGroup[], right: readonly PeerGroup[]): boolean {
  if (left === right) return true
  return left.length === right.length && left.every(({ key }, index) => key === right[index]?.key)
}
