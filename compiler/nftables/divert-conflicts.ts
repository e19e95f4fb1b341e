import { type ReadSets, reachedFrom } from './reached-sets.ts'
import { renameSet } from './map-elements.ts'
import { renameInRule } from './rule-value.ts'
import type { ChainValue, RulesetChange, RulesetView, SetValue } from './ruleset.ts'
import { type Steps, noSteps } from './transaction-text.ts'

/** A way round: rewritten chains use copies of some sets until the sets themselves have changed. */
export interface Diversion {
  /** What rewritten chains read: the diverted sets must not change before the swap, and are not read after it. */
  readonly read: ReadSets
  readonly sets: readonly SetValue[]
  readonly chains: readonly ChainValue[]
  /** A rewritten chain as it goes to the copies. */
  readonly divert: (chain: ChainValue) => ChainValue
  /** The rewriting of those chains to what they are in the end. */
  readonly back: Steps
}

const SUFFIX = '-next'

/**
 * When a set changes that rewritten chains read both before and after, no order is right: old rules with new elements
 * and new rules with old elements are both a third verdict. Then the new chains first read a copy that has the new
 * elements already, the set changes while only untouched chains read it, and last the chains return to it.
 */
export function divertConflicts(change: RulesetChange, after: RulesetView, read: ReadSets): Diversion {
  const conflicts = conflictingSets(change, read)
  if (conflicts.size === 0) {
    return { read, sets: [], chains: [], divert: (chain) => chain, back: noSteps() }
  }
  const diverted = change.rewrittenChains
    .map((chain) => chain.after)
    .filter((chain) => [...reachedFrom(chain, after).sets].some((name) => conflicts.has(name)))
  const copied = new Map<string, ChainValue>()
  const copiedSets = new Set<string>(conflicts)
  for (const chain of diverted) {
    const reached = reachedFrom(chain, after)
    for (const [name, value] of reached.chains) copied.set(name, value)
    for (const name of reached.sets) if (after.set(name)?.kind === 'map') copiedSets.add(name)
  }
  const rename = (name: string) => (copied.has(name) || copiedSets.has(name) ? name + SUFFIX : name)
  const renameRules = (chain: ChainValue): ChainValue => ({
    ...chain,
    rules: chain.rules.map((rule) => renameInRule(rule, rename)),
  })
  const pods = new Set(diverted.map(({ name }) => name))
  return {
    read: {
      ...read,
      before: new Set([...read.before, ...conflicts]),
      after: new Set([...read.after].filter((name) => !conflicts.has(name))),
    },
    sets: [...copiedSets].flatMap((name) => {
      const set = after.set(name)
      return set === undefined ? [] : [renameSet(set, rename)]
    }),
    chains: [...copied.values()].map((chain) => ({ ...renameRules(chain), name: rename(chain.name) })),
    divert: (chain) => (pods.has(chain.name) ? renameRules(chain) : chain),
    back: { ...noSteps(), rewrittenChains: diverted },
  }
}

/** Sets read both before and after; and, when other sets must grow after the swap, those that would shrink before it. */
function conflictingSets(change: RulesetChange, read: ReadSets): ReadonlySet<string> {
  const changed = [...change.elements]
  const conflicts = new Set(
    changed.map(([name]) => name).filter((name) => read.before.has(name) && read.after.has(name)),
  )
  const growsLate = changed.some(
    ([name, { added }]) => added.length > 0 && read.before.has(name) && !conflicts.has(name),
  )
  const growsDiverted = changed.some(([name, { added }]) => added.length > 0 && conflicts.has(name))
  if (growsLate || growsDiverted) {
    for (const [name, { removed }] of changed) if (removed.length > 0 && read.after.has(name)) conflicts.add(name)
  }
  return conflicts
}
