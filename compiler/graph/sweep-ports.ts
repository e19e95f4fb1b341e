import type { Protocol } from '../objects/protocol.ts'
import type { Grant } from './grants.ts'
import type { GrantsBudget } from './grants-budget.ts'
import type { PeerSets } from './peer-sets.ts'
import { type Peers, peersSize } from './peers.ts'

/** A port interval, both ends included, and who may use it. */
export interface PortPiece {
  readonly from: number
  readonly to: number
  /** Of the sets that the sweep is given. */
  readonly peers: Peers
}

/**
 * Cuts overlapping pieces of one protocol into disjoint sorted intervals, each with the union of its peers; neighbours
 * with equal peers become one. It stops with what it has when the budget is exhausted: nested ranges grow quadratically,
 * and no policy author may exhaust a node's memory.
 */
export function sweepPorts(
  protocol: Protocol,
  pieces: readonly PortPiece[],
  sets: PeerSets,
  budget: GrantsBudget,
): readonly Grant[] {
  const real = pieces.filter(({ peers }) => peersSize(peers) > 0)
  const starts = Map.groupBy(real, ({ from }) => from)
  const ends = Map.groupBy(real, ({ to }) => to + 1)
  const cuts = [...new Set([...starts.keys(), ...ends.keys()])].sort((left, right) => left - right)

  const grants: Grant[] = []
  const active = createActive()
  let last: { readonly from: number; to: number; readonly peers: Peers } | undefined
  let peers: Peers | undefined
  const flush = (): void => {
    if (last) grants.push({ ports: { kind: 'range', protocol, from: last.from, to: last.to }, peers: last.peers })
    last = undefined
  }
  for (const [index, cut] of cuts.entries()) {
    let changed = false
    for (const piece of ends.get(cut) ?? []) changed = active.remove(piece.peers) || changed
    for (const piece of starts.get(cut) ?? []) changed = active.add(piece.peers) || changed
    const next = cuts[index + 1]
    if (active.sets.size === 0 || next === undefined) {
      flush()
      continue
    }
    if (changed || peers === undefined) peers = sets.union(active.sets)
    if (budget.exhausted()) return grants
    if (last !== undefined && last.peers === peers && last.to === cut - 1) {
      last.to = next - 1
      continue
    }
    flush()
    last = { from: cut, to: next - 1, peers }
  }
  flush()
  return grants
}

/** The peers of the pieces that cover a port; many pieces may have the same. */
function createActive() {
  const counts = new Map<Peers, number>()
  const sets = new Set<Peers>()
  return {
    sets: sets as ReadonlySet<Peers>,
    /** Says whether these peers are new. */
    add(peers: Peers): boolean {
      const count = counts.get(peers) ?? 0
      counts.set(peers, count + 1)
      if (count === 0) sets.add(peers)
      return count === 0
    },
    /** Says whether these peers are gone. */
    remove(peers: Peers): boolean {
      const count = counts.get(peers) ?? 0
      if (count > 1) {
        counts.set(peers, count - 1)
        return false
      }
      counts.delete(peers)
      return sets.delete(peers)
    },
  }
}
