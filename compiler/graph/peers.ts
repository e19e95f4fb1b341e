import { FAMILIES, type Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges, rangesCover, rangesKey, subtractRanges } from '../addresses/ranges.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'

/** Who may talk: everybody, or the union of peer groups and blocks. */
export type Peers =
  | { readonly kind: 'anyone' }
  | {
      readonly kind: 'some'
      /** Sorted by key, none twice. */
      readonly groups: readonly PeerGroup[]
      /** Blocks minus their excepts, merged into disjoint ranges. */
      readonly ranges: Readonly<Record<Family, readonly AddressRange[]>>
    }

export const ANYONE: Peers = { kind: 'anyone' }
export const NOBODY: Peers = { kind: 'some', groups: [], ranges: { IPv4: [], IPv6: [] } }

/** How many things a reader (or a packet) has to look at: groups and ranges. */
export function peersSize(peers: Peers): number {
  return peers.kind === 'anyone' ? 1 : peers.groups.length + peers.ranges.IPv4.length + peers.ranges.IPv6.length
}

/** Whoever is in one of them; `anyone` absorbs the rest. */
export function unionPeers(list: readonly Peers[]): Peers {
  const [first, ...others] = list
  if (first === undefined) return NOBODY
  if (others.length === 0) return first
  const groups = new Map<string, PeerGroup>()
  const ranges: Record<Family, AddressRange[]> = { IPv4: [], IPv6: [] }
  for (const peers of list) {
    if (peers.kind === 'anyone') return ANYONE
    for (const group of peers.groups) groups.set(group.key, group)
    for (const family of FAMILIES) for (const range of peers.ranges[family]) ranges[family].push(range)
  }
  return {
    kind: 'some',
    groups: [...groups.values()].sort((left, right) => (left.key < right.key ? -1 : 1)),
    ranges: { IPv4: normalizeRanges(ranges.IPv4), IPv6: normalizeRanges(ranges.IPv6) },
  }
}

/** Those that the wider peers do not have already: a wider grant absorbs a narrower one. */
export function withoutPeers(peers: Peers, wider: Peers): Peers {
  return createWithout(wider)(peers)
}

/** The same for many peers beside one wider grant. */
export function createWithout(wider: Peers): (peers: Peers) => Peers {
  if (wider.kind === 'anyone') return () => NOBODY
  const known = new Set(wider.groups.map(({ key }) => key))
  return (peers) => {
    if (peers.kind === 'anyone') return peers
    return {
      kind: 'some',
      groups: known.size === 0 ? peers.groups : peers.groups.filter(({ key }) => !known.has(key)),
      ranges: {
        IPv4: subtractRanges(peers.ranges.IPv4, wider.ranges.IPv4),
        IPv6: subtractRanges(peers.ranges.IPv6, wider.ranges.IPv6),
      },
    }
  }
}

/** Does the first surely have everyone of the second? Judged by formula: which pods match today does not count. */
export function peersCover(wider: Peers, narrower: Peers): boolean {
  if (wider.kind === 'anyone') return true
  if (narrower.kind === 'anyone') return false
  return (
    groupsCover(wider.groups, narrower.groups) &&
    FAMILIES.every((family) => rangesCover(wider.ranges[family], narrower.ranges[family]))
  )
}

/** One walk along both, which are sorted; of thousands nearly all are the same objects. */
function groupsCover(wider: readonly PeerGroup[], narrower: readonly PeerGroup[]): boolean {
  let at = 0
  for (const group of narrower) {
    let found = wider[at]
    while (found !== undefined && found !== group && found.key < group.key) found = wider[(at += 1)]
    if (found !== group && found?.key !== group.key) return false
    at += 1
  }
  return true
}

/** Equal peers, equal text. */
export function peersKey(peers: Peers): string {
  if (peers.kind === 'anyone') return '*'
  const groups = peers.groups.map(({ key }) => key).join('\n')
  return `${groups}\n4:${rangesKey(peers.ranges.IPv4)}\n6:${rangesKey(peers.ranges.IPv6)}`
}
