import type { GrantsBudget } from './grants-budget.ts'
import { ANYONE, type Peers, peersKey, peersSize, unionPeers } from './peers.ts'

/** Sets of peers of one direction, each once: equal peers are the same object, and a union is made once. */
export interface PeerSets {
  /** The one object for peers of this content. */
  one(peers: Peers): Peers
  /** The union of sets that `one` or `union` gave. */
  union(sets: ReadonlySet<Peers>): Peers
}

/** No set yet; what is looked at and kept is taken from the budget. */
export function createPeerSets(budget: GrantsBudget): PeerSets {
  const byKey = new Map<string, Peers>()
  const numbers = new Map<Peers, number>()
  const unions = new Map<string, Peers>()

  function one(peers: Peers): Peers {
    if (numbers.has(peers)) return peers
    budget.takeSteps(peersSize(peers))
    const key = peersKey(peers)
    let found = byKey.get(key)
    if (found === undefined) byKey.set(key, (found = peers))
    if (!numbers.has(found)) numbers.set(found, numbers.size)
    return found
  }

  return {
    one,
    union(sets) {
      const list = [...sets]
      budget.takeSteps(list.length)
      const anyone = list.find(({ kind }) => kind === 'anyone')
      if (anyone !== undefined) return one(ANYONE)
      const [first] = list
      if (first !== undefined && list.length === 1) return first
      const key = Uint32Array.from(list, (peers) => numbers.get(peers) ?? 0)
        .sort()
        .join()
      let union = unions.get(key)
      if (union === undefined) {
        budget.takeSteps(list.reduce((sum, peers) => sum + peersSize(peers), 0))
        union = one(unionPeers(list))
        budget.takeSet(union)
        unions.set(key, union)
      }
      return union
    },
  }
}
