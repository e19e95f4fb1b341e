import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { generationOfMark, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { isEmptyChange, type Ruleset, type RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { fixedChains, generationChains, HOOK } from '../../compiler/nftables/static-chains.ts'

/**
 * What stands in the kernel, held against what should. `equal`: adopt it. `change`: transactions lead there. `rebuild`:
 * something stands there that we never write, or the frame itself is another one.
 */
export type Comparison =
  | { readonly kind: 'equal'; readonly generation: number }
  | { readonly kind: 'change'; readonly generation: number; readonly change: RulesetChange; readonly what: string }
  | { readonly kind: 'rebuild'; readonly what: string }

/** Compares a listing of our table with the ruleset that should stand; the generation found stays in force. */
export function compareStanding(listing: unknown, desired: Ruleset, options: RulesetOptions): Comparison {
  const standing = readRuleset(listing)
  if (standing === undefined) return { kind: 'rebuild', what: 'the table is missing' }
  const generation = standing.mark === undefined ? 0 : generationOfMark(standing.mark, options.markMask)
  const rejudges = options.established === 'rejudge'
  if (rejudges && generation === 0) return { kind: 'rebuild', what: 'the table has no generation' }
  const frame = [...generationChains(options, generation), ...fixedChains(options)]
  for (const { name, rules } of frame) {
    const found = standing.ruleset.chains.get(name)
    if (found === undefined) return { kind: 'rebuild', what: `chain ${name} is missing` }
    if (found.hook !== (name === 'forward' ? HOOK : undefined))
      return { kind: 'rebuild', what: `chain ${name} hangs elsewhere` }
    const same =
      found.rules.length === rules.length && found.rules.every(({ text }, index) => text === rules[index]?.text)
    if (!same) return { kind: 'rebuild', what: `chain ${name} has other rules` }
  }
  const foreign = foreignPart(standing.ruleset)
  if (foreign !== undefined) return { kind: 'rebuild', what: foreign }
  const chains = new Map([...desired.chains, ...frame.map((chain) => [chain.name, chain] as const)])
  const change = compareRulesets(standing.ruleset, { sets: desired.sets, chains })
  if (isEmptyChange(change)) return { kind: 'equal', generation }
  return { kind: 'change', generation, change, what: describeChange(change) }
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

/** In a few words, for the log: what was missing or too much. */
function describeChange(change: RulesetChange): string {
  const counts = [
    [change.createdSets.length, 'sets missing'],
    [change.deletedSets.length, 'sets too many'],
    [change.createdChains.length, 'chains missing'],
    [change.rewrittenChains.length, 'chains with other rules'],
    [change.deletedChains.length, 'chains too many'],
    [change.elements.size, 'sets with other elements'],
  ] as const
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ')
}
