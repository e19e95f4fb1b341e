import { OBSERVE_CHAIN } from './observe-chains.ts'
import type { RulesetOptions } from './options.ts'
import type { Ruleset } from './ruleset.ts'

/**
 * The options of a table that stands, as far as the chains that carry its generation need them: an agent with other flags wrote it, and
 * what those chains lead to now stands there or does not.
 */
export function standingOptions({ chains }: Ruleset, options: RulesetOptions): RulesetOptions {
  return { ...options, serviceProxy: chains.has('output') ? 'ipvs' : 'nat', observe: chains.has(OBSERVE_CHAIN) }
}
