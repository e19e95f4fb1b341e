import type { Engine } from '../../compiler/engine/engine.ts'
import { addedAddresses, endedElements, signOfLife } from '../../compiler/nftables/hold-sets.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { readRuleset, type StandingRuleset } from '../../compiler/nftables/read-ruleset.ts'
import type { KernelPort } from './kernel-port.ts'
import { closingText } from './closing-text.ts'

export interface RescueOptions {
  readonly engine: Pick<Engine, 'openAddresses' | 'ruleset' | 'holdState'>
  readonly kernel: KernelPort
  readonly ruleset: RulesetOptions
}

/** What came of it; undefined: nothing, or not this. */
export interface Rescued {
  /** The one in force since. */
  readonly generation: number | undefined
  readonly isAlive: boolean
}

/**
 * What small transactions can still do for the hold while nft refuses the ruleset as a whole, which may be one tenant's doing: whoever
 * has lost his address does not pass by it any more, nor does the next one by what was remembered of him; pods that nobody isolates
 * pass; an agent is there. Each by itself, since each may be refused. `isLapsed`: the hold has been open meanwhile.
 */
export async function rescue(
  { engine, kernel, ruleset }: RescueOptions,
  generation: number | undefined,
  isLapsed: boolean,
): Promise<Rescued> {
  if (engine.holdState() === 'off') return { generation: undefined, isAlive: false }
  const wanted = engine.ruleset().sets
  const standing = await standingTable(kernel)
  const ended = standing === undefined ? new Map<string, readonly string[]>() : endedElements(standing.ruleset, wanted)
  let next: number | undefined
  if (standing !== undefined && (ended.size > 0 || isLapsed)) {
    next = await kernel.nextGeneration(generation)
    if (!(await kernel.apply(closingText(standing, ended, ruleset, next))).ok) next = undefined
  }
  const added = addedAddresses(engine.openAddresses(), wanted)
  if (added !== '') await kernel.apply(added)
  const isDue = ruleset.holdOpenAfterSeconds !== undefined && (!isLapsed || next !== undefined)
  return { generation: next, isAlive: isDue && (await kernel.apply(signOfLife())).ok }
}

async function standingTable(kernel: KernelPort): Promise<StandingRuleset | undefined> {
  const listing = await kernel.list()
  return listing.kind === 'table' ? readRuleset(listing.listing) : undefined
}
