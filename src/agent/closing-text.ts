import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { StandingRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { standingOptions } from '../../compiler/nftables/standing-options.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { noSteps, transactionText } from '../../compiler/nftables/transaction-text.ts'

/** A transaction that takes elements out of a table that stands, whoever wrote it, and has nothing of before remembered. */
export function closingText(
  standing: StandingRuleset,
  elements: ReadonlyMap<string, readonly string[]>,
  ruleset: RulesetOptions,
  generation: number,
): string {
  const isRemembered = ruleset.established === 'rejudge'
  const rewrittenChains = isRemembered
    ? [...generationChains(standingOptions(standing.ruleset, ruleset), generation)]
    : []
  return transactionText({ ...noSteps(), removedElements: new Map(elements), rewrittenChains })
}
