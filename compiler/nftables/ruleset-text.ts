import { generationChains } from './static-chains.ts'
import type { RulesetOptions } from './options.ts'
import { highestGeneration } from './options.ts'
import { contentNumber } from './names.ts'
import { chainBlock, indent, setBlock, TABLE } from './statement-text.ts'
import type { ChainValue, Ruleset } from './ruleset.ts'

/**
 * The whole ruleset as one transaction for `nft -f`: it replaces the table atomically, whether one stands or not.
 * Equal rulesets give equal bytes.
 */
export function rulesetText(ruleset: Ruleset, options: RulesetOptions, generation: number): string {
  return [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    ...indent(body(ruleset, generationChains(options, generation))),
    '}',
    '',
  ].join('\n')
}

/**
 * A generation made from the content, never 0: two different texts loaded one after the other do not take each other's
 * remembered flows for their own.
 */
export function contentGeneration(ruleset: Ruleset, options: RulesetOptions): number {
  return contentNumber(body(ruleset, []).join('\n'), highestGeneration(options.markMask))
}

function body(ruleset: Ruleset, first: readonly ChainValue[]): readonly string[] {
  const sets = [...ruleset.sets.values()].sort(byName)
  const chains = [...ruleset.chains.values()].sort(byName)
  return [...first.map(chainBlock), ...chains.map(chainBlock), ...sets.map(setBlock)].flatMap((block, index) =>
    index === 0 ? block : ['', ...block],
  )
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0
}
