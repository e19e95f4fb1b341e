import { compareRulesets, isRedeclared } from './compare-rulesets.ts'
import { generationOfMark, type RulesetOptions } from './options.ts'
import { readRuleset } from './read-ruleset.ts'
import { type ChainValue, isEmptyChange, type RuleValue, type Ruleset, type RulesetChange } from './ruleset.ts'
import { PACKETS_CHAINS } from './frame-chains.ts'
import { ALLOW_CHAIN, fixedChains, generationChains, HOOKS } from './static-chains.ts'
import type { DriftClass } from './drift-class.ts'

/**
 * What stands in the kernel, held against what should. `equal`: adopt it. `change`: transactions lead there. `rebuild`:
 * something stands there that we never write, or the frame itself is another one; live flows may carry its number, where
 * one can be read, as well.
 */
export type Comparison =
  | { readonly kind: 'equal'; readonly generation: number }
  | ({ readonly kind: 'change'; readonly generation: number; readonly change: RulesetChange } & Drift)
  | ({ readonly kind: 'rebuild'; readonly generation: number | undefined } & Drift)

/** How a table differs: a class for metrics, and words for the log. */
export interface Drift {
  readonly drift: DriftClass
  readonly what: string
}

export const NO_TABLE: Drift = { drift: 'table', what: 'the table is missing' }

/** Compares a listing of our table with the ruleset that should stand; the generation found stays in force. */
export function compareStanding(listing: unknown, desired: Ruleset, options: RulesetOptions): Comparison {
  const standing = readRuleset(listing)
  if (standing === undefined) return { kind: 'rebuild', generation: undefined, ...NO_TABLE }
  const generation = standing.mark === undefined ? 0 : generationOfMark(standing.mark, options.markMask)
  const rebuild = (drift: DriftClass, what: string): Comparison => {
    return { kind: 'rebuild', generation: generation === 0 ? undefined : generation, drift, what }
  }
  const broken = (what: string): Comparison => rebuild('frame', what)
  const rejudges = options.established === 'rejudge'
  if (rejudges && generation === 0) return broken('the table has no generation')
  const desiredFrame = [...desired.chains.values()].filter(({ name }) => PACKETS_CHAINS.has(name))
  const frame = [...generationChains(options, generation), ...fixedChains(options), ...desiredFrame]
  // Written by an agent that observed where this one does not, or the other way round: one chain to rewrite.
  const otherwise = generationChains({ ...options, observe: !options.observe }, generation)
  const otherAllow = otherwise.find(({ name }) => name === ALLOW_CHAIN)?.rules ?? []
  for (const { name, rules } of frame) {
    const found = standing.ruleset.chains.get(name)
    if (found === undefined) return broken(`chain ${name} is missing`)
    if (found.hook !== HOOKS.get(name)) return broken(`chain ${name} hangs elsewhere`)
    if (!hasRules(found, rules) && !(name === ALLOW_CHAIN && hasRules(found, otherAllow)))
      return broken(`chain ${name} has other rules`)
  }
  const foreign = foreignPart(standing.ruleset)
  if (foreign !== undefined) return rebuild('foreign', foreign)
  if (isRedeclared(standing.ruleset, desired)) return broken('a set is declared otherwise')
  const chains = new Map([...desired.chains, ...frame.map((chain) => [chain.name, chain] as const)])
  const change = compareRulesets(standing.ruleset, { sets: desired.sets, chains })
  if (isEmptyChange(change)) return { kind: 'equal', generation }
  return { kind: 'change', generation, change, drift: classOf(change), what: describeChange(change) }
}

function hasRules(found: ChainValue, rules: readonly RuleValue[]): boolean {
  return found.rules.length === rules.length && found.rules.every(({ text }, index) => text === rules[index]?.text)
}

function foreignPart({ sets, chains }: Ruleset): string | undefined {
  for (const { name, elements } of sets.values()) {
    for (const element of elements)
      if (element.startsWith('not ours')) return `set ${name} has an element that we never write`
  }
  for (const { name, rules } of chains.values()) {
    for (const { text } of rules) if (text.startsWith('not ours')) return `chain ${name} has a rule that we never write`
  }
  return undefined
}

/** Of several the one that the others follow from: a set goes only after the rules that name it. */
function classOf(change: RulesetChange): DriftClass {
  if (change.createdSets.length + change.deletedSets.length > 0) return 'sets'
  const chains = [change.createdChains, otherRules(change), change.deletedChains]
  return chains.some(({ length }) => length > 0) ? 'chains' : 'elements'
}

/** Without those that only go round while a set changes. */
function otherRules({ rewrittenChains }: RulesetChange): RulesetChange['rewrittenChains'] {
  return rewrittenChains.filter(({ before, after }) => before !== after)
}

/** In a few words, for the log: what was missing or too much. */
function describeChange(change: RulesetChange): string {
  const counts = [
    [change.createdSets.length, 'sets missing'],
    [change.deletedSets.length, 'sets too many'],
    [change.createdChains.length, 'chains missing'],
    [otherRules(change).length, 'chains with other rules'],
    [change.deletedChains.length, 'chains too many'],
    [change.elements.size, 'sets with other elements'],
  ] as const
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ')
}
