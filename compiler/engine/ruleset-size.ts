import type { Ruleset, RulesetChange } from '../nftables/ruleset.ts'

/** How much stands in the ruleset, counted as it changes, so that asking walks nothing. */
export interface RulesetSize {
  /** Goes with a change of the ruleset. */
  follow(change: RulesetChange): void
  counts(): { readonly sets: number; readonly elements: number; readonly chains: number }
  /** The names of all sets and chains. */
  names(): Iterable<string>
}

/** The size of a ruleset that is small enough to be walked once: that of an empty node. */
export function createRulesetSize(empty: Ruleset): RulesetSize {
  const sets = new Map([...empty.sets.values()].map((set) => [set.name, set.elements.size]))
  const chains = new Set(empty.chains.keys())
  let elements = [...sets.values()].reduce((sum, count) => sum + count, 0)

  function resize(name: string, count: number | undefined): void {
    elements += (count ?? 0) - (sets.get(name) ?? 0)
    if (count === undefined) sets.delete(name)
    else sets.set(name, count)
  }

  return {
    follow(change) {
      for (const { name, elements: all } of change.createdSets) resize(name, all.size)
      for (const { name } of change.deletedSets) resize(name, undefined)
      for (const [name, { added, removed }] of change.elements) {
        resize(name, (sets.get(name) ?? 0) + added.length - removed.length)
      }
      for (const { name } of change.createdChains) chains.add(name)
      for (const { name } of change.deletedChains) chains.delete(name)
    },
    counts: () => ({ sets: sets.size, elements, chains: chains.size }),
    *names() {
      yield* sets.keys()
      yield* chains
    },
  }
}
