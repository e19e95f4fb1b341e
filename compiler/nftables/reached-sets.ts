import { jumpsOf, lookupsOf } from './rule-value.ts'
import type { ChainValue, Jump, RulesetChange, RulesetView } from './ruleset.ts'

/** The chains, maps and sets that packets come to from some rules. */
export interface Reached {
  readonly chains: ReadonlyMap<string, ChainValue>
  readonly sets: ReadonlySet<string>
}

/** Follows jumps, gotos and verdict maps from a chain's rules; fixed chains, where all classes end, are not entered. */
export function reachedFrom(chain: ChainValue, view: RulesetView): Reached {
  const chains = new Map<string, ChainValue>()
  const sets = new Set<string>()
  const open: ChainValue[] = [chain]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const rule of next.rules) {
      for (const { name } of lookupsOf(rule)) {
        if (sets.has(name)) continue
        sets.add(name)
        for (const target of view.set(name)?.targets?.values() ?? []) visit(target)
      }
      for (const target of jumpsOf(rule)) visit(target)
    }
  }
  return { chains, sets }

  function visit({ chain: name }: Jump): void {
    if (chains.has(name)) return
    const found = view.chain(name)
    if (found === undefined) return
    chains.set(name, found)
    open.push(found)
  }
}

/** Which sets the chains that are rewritten (or put in use) read, through their classes, before and after. */
export interface ReadSets {
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
  /** Those that one rewritten chain reads only before, or only after. */
  readonly moved: ReadonlySet<string>
}

export function readSets(change: RulesetChange, before: RulesetView, after: RulesetView): ReadSets {
  const read = { before: new Set<string>(), after: new Set<string>(), moved: new Set<string>() }
  for (const rewritten of change.rewrittenChains) {
    const [old, now] = [reachedFrom(rewritten.before, before).sets, reachedFrom(rewritten.after, after).sets]
    for (const name of old) {
      read.before.add(name)
      if (!now.has(name)) read.moved.add(name)
    }
    for (const name of now) {
      read.after.add(name)
      if (!old.has(name)) read.moved.add(name)
    }
  }
  return read
}

export function setsRead(chains: readonly ChainValue[], view: RulesetView): ReadonlySet<string> {
  return new Set(chains.flatMap((chain) => [...reachedFrom(chain, view).sets]))
}
