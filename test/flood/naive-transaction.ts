import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { noSteps, type Steps, transactionText } from '../../compiler/nftables/transaction-text.ts'

/** The whole change as one transaction, in no order: what one would do who takes a transaction for one instant. */
export function naiveTransaction(change: RulesetChange, options: RulesetOptions, generation: number): string {
  const elements = [...change.elements]
  const steps: Steps = {
    ...noSteps(),
    createdSets: [...change.createdSets],
    createdChains: [...change.createdChains],
    rewrittenChains: [
      ...change.rewrittenChains.map(({ after }) => after),
      ...(change.narrows ? generationChains(options, generation) : []),
    ],
    addedElements: new Map(elements.map(([name, { added }]) => [name, added])),
    removedElements: new Map(elements.map(([name, { removed }]) => [name, removed])),
    deletedChains: change.deletedChains.map(({ name }) => name),
    deletedSets: [...change.deletedSets],
  }
  return transactionText(steps)
}
