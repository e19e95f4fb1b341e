import { type Frame, frameChains } from '../nftables/frame-chains.ts'
import type { RulesetOptions } from '../nftables/options.ts'
import { type ChainValue, sameRules, type SetValue } from '../nftables/ruleset.ts'
import { wouldSets } from '../nftables/recorded-sets.ts'

/** How the chains at the head of the ruleset change. */
export interface FrameChange {
  readonly created: readonly ChainValue[]
  readonly rewritten: readonly { readonly before: ChainValue; readonly after: ChainValue }[]
  readonly deleted: readonly ChainValue[]
  /** What audited policies fill, as they come or go with the first and the last. */
  readonly createdSets: readonly SetValue[]
  readonly deletedSets: readonly SetValue[]
  /** The hold's rules have come, gone or changed: what was judged under others is judged again. */
  readonly judgesAnew: boolean
}

/** What turns the one frame's chains into the other's. */
export function compareFrames(options: RulesetOptions, before: Frame, after: Frame): FrameChange {
  const [old, now] = [before, after].map(
    (frame) => new Map(frameChains(options, frame).map((chain) => [chain.name, chain])),
  ) as [Map<string, ChainValue>, Map<string, ChainValue>]
  const rewritten = [...now.values()].flatMap((chain) => {
    const standing = old.get(chain.name)
    return standing === undefined || sameRules(standing, chain) ? [] : [{ before: standing, after: chain }]
  })
  return {
    created: [...now.values()].filter(({ name }) => !old.has(name)),
    rewritten,
    deleted: [...old.values()].filter(({ name }) => !now.has(name)),
    createdSets: after.audits && !before.audits ? wouldSets() : [],
    deletedSets: before.audits && !after.audits ? wouldSets() : [],
    judgesAnew: rewritten.some((chain) => chain.after.name !== 'bridge-local'),
  }
}
