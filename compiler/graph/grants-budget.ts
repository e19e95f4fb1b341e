import type { Grant } from './grants.ts'
import { type Peers, peersSize } from './peers.ts'

/**
 * The most that one direction of one pod may cost. `terms`: what comes out, which the node and the kernel have to keep.
 * `steps`: what is looked at on the way to it, and by whoever reads it. Authors of policies decide how large both get, so
 * both are bounded.
 */
export interface GrantsBudget {
  takeTerms(count: number): void
  /** The terms of a set of peers that is kept, once however often it is told. */
  takeSet(peers: Peers): void
  takeSteps(count: number): void
  /** More was taken than there is: whoever adds up stops, and the direction is closed. */
  exhausted(): boolean
  spent(): Spent
}

export interface Spent {
  readonly terms: number
  readonly steps: number
}

/** Groups and ranges of every set of peers, intervals of ports, and peers times ports where they are laid out so. */
export const GRANT_TERMS_BUDGET = 500_000

/** Some tenths of a second of CPU at most. */
export const GRANT_STEPS_BUDGET = 2_000_000

/** A budget of which nothing is taken yet. */
export function createGrantsBudget(terms = GRANT_TERMS_BUDGET, steps = GRANT_STEPS_BUDGET): GrantsBudget {
  let [termsLeft, stepsLeft] = [terms, steps]
  const taken = new WeakSet<Peers>()
  return {
    takeTerms: (count) => {
      termsLeft -= count
    },
    takeSet: (peers) => {
      if (taken.has(peers)) return
      taken.add(peers)
      termsLeft -= peersSize(peers)
    },
    takeSteps: (count) => {
      stepsLeft -= count
    },
    exhausted: () => termsLeft < 0 || stepsLeft < 0,
    spent: () => ({ terms: terms - termsLeft, steps: steps - stepsLeft }),
  }
}

/**
 * A class whose ports have no more different sets of peers than this gets an address set for each of them. With more it is
 * laid out port by port: each run of nft costs more with every set that stands.
 */
export const SETS_LAID_OUT_ONCE = 128

/** Takes what a normal form costs: the kernel keeps blocks, and peers of port names, once for each port. */
export function takeGrants(list: readonly Grant[], budget: GrantsBudget): void {
  const onPorts = new Set<Peers>()
  let [setsOfGroups, portsTimesGroups] = [0, 0]
  for (const { ports, peers } of list) {
    const size = peersSize(peers)
    budget.takeSteps(size)
    if (ports.kind !== 'range' || peers.kind === 'anyone') {
      budget.takeTerms(size)
      continue
    }
    const groups = peers.groups.length
    budget.takeTerms(1)
    budget.takeSet(peers)
    portsTimesGroups += groups
    if (onPorts.has(peers)) budget.takeTerms(size - groups)
    else if (groups > 0) setsOfGroups += 1
    onPorts.add(peers)
  }
  if (setsOfGroups > SETS_LAID_OUT_ONCE) budget.takeTerms(portsTimesGroups)
}

/** What the peers of ports cost at most: as if all were laid out port by port. */
export function termsPerPort(grants: readonly Grant[]): number {
  return grants.reduce((sum, { peers }) => sum + (peers.kind === 'anyone' ? 0 : peers.groups.length), 0)
}
