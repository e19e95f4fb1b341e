import type { ChainValue, RulesetView } from './ruleset.ts'

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
    for (const { text } of next.rules) {
      for (const name of namedSets(text)) {
        if (sets.has(name)) continue
        sets.add(name)
        const set = view.set(name)
        if (set?.kind === 'map') for (const element of set.elements) visit(target(element))
      }
      visit(target(text))
    }
  }
  return { chains, sets }

  function visit(name: string | undefined): void {
    if (name === undefined || chains.has(name)) return
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
}

/** The sets and maps that a rule looks into. */
export function namedSets(text: string): readonly string[] {
  return [...text.matchAll(/@([A-Za-z0-9_./-]+)/g)].map((match) => match[1] ?? '')
}

/** Where a rule's or map element's verdict leads, if it names a chain. */
function target(text: string): string | undefined {
  return /\b(?:jump|goto) (\S+)$/.exec(text)?.[1]
}
