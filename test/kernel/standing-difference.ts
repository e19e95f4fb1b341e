import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { Json } from '../../compiler/nftables/read-rule.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { isEmptyChange, type Ruleset, type RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import type { Lab } from '../../src/lab/lab.ts'

export interface Wanted {
  readonly ruleset: Ruleset
  readonly options: RulesetOptions
  readonly generation: number
}

/** What would turn the table that stands on the node into this one; undefined when nothing has to change. */
export async function standingDifference(
  lab: Lab,
  node: string,
  { ruleset, options, generation }: Wanted,
): Promise<RulesetChange | undefined> {
  const found = readRuleset(JSON.parse(await lab.nft(node, ['-j', 'list', 'table', 'inet', 'selvedge'])) as Json)
  if (found === undefined) throw new Error(`${node} has no table of ours`)
  const moving = generationChains(options, generation).map((chain) => [chain.name, chain] as const)
  const chains = new Map([...ruleset.chains, ...moving])
  for (const [name, { hook }] of found.ruleset.chains) {
    if (hook !== chains.get(name)?.hook) throw new Error(`${name} hangs at ${hook ?? 'no hook'}`)
  }
  const change = compareRulesets(found.ruleset, { sets: ruleset.sets, chains })
  return isEmptyChange(change) ? undefined : change
}
