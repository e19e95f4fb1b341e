import type { Protocol } from '../objects/protocol.ts'
import type { Grant } from './grants.ts'
import { type Peers, peersKey, peersSize, unionPeers, withoutPeers } from './peers.ts'

/** A port interval, both ends included, and who may use it. */
export interface PortPiece {
  readonly from: number
  readonly to: number
  readonly peers: Peers
}

/**
 * Cuts overlapping pieces of one protocol into disjoint sorted intervals, each with the union of its peers less those
 * that `wider` has; neighbours with equal peers become one. Undefined: the result would exceed `budget` terms
 * (nested ranges grow quadratically, and no policy author may exhaust a node's memory).
 */
export function sweepPorts(
  protocol: Protocol,
  pieces: readonly PortPiece[],
  wider: Peers,
  budget: number,
): readonly Grant[] | undefined {
  const starts = Map.groupBy(pieces, ({ from }) => from)
  const ends = Map.groupBy(pieces, ({ to }) => to + 1)
  const cuts = [...new Set([...starts.keys(), ...ends.keys()])].sort((left, right) => left - right)

  const grants: Grant[] = []
  const active = new Set<PortPiece>()
  let last: { readonly from: number; to: number; readonly peers: Peers; readonly key: string } | undefined
  const flush = (): void => {
    if (last) grants.push({ ports: { kind: 'range', protocol, from: last.from, to: last.to }, peers: last.peers })
    last = undefined
  }
  let terms = 0
  for (const [index, cut] of cuts.entries()) {
    for (const piece of ends.get(cut) ?? []) active.delete(piece)
    for (const piece of starts.get(cut) ?? []) active.add(piece)
    const next = cuts[index + 1]
    if (active.size === 0 || next === undefined) {
      flush()
      continue
    }
    for (const piece of active) terms += peersSize(piece.peers)
    if (terms > budget) return undefined
    const peers = withoutPeers(unionPeers([...active].map((piece) => piece.peers)), wider)
    if (peersSize(peers) === 0) {
      flush()
      continue
    }
    const key = peersKey(peers)
    if (last !== undefined && last.key === key && last.to === cut - 1) {
      last.to = next - 1
      continue
    }
    flush()
    last = { from: cut, to: next - 1, peers, key }
  }
  flush()
  return grants
}
