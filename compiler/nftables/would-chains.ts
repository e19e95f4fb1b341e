import { FAMILIES, type Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { chain } from './chain-value.ts'
import { throughService } from './deny-chains.ts'
import type { RulesetOptions } from './options.ts'
import { recordFlow, recordUntracked } from './record-flow.ts'
import { familyDigit, type Variant, VARIANTS } from './rule-text.ts'
import { goTo, rule, ruleOf } from './rule-value.ts'
import type { ChainValue, RuleValue } from './ruleset.ts'

/** The chain where the classes of audited policies end: no grant has matched. Whoever comes here goes on as if nobody had asked. */
export function wouldChain(direction: Direction, family: Family, variant: Variant): string {
  return `would-${direction === 'ingress' ? 'in' : 'eg'}${familyDigit(family)}${variant === 'reply' ? '-reply' : ''}`
}

/** Chains that only count: what was noted, what found no room, and invalid packets, which are dropped at whom a policy isolates. */
export const WOULD_COUNTERS = { noted: 'would-noted', lost: 'would-lost', stray: 'would-stray' } as const

/** The first rule of such a class: an invalid packet is of nobody's connection, and where policy is enforced no grant lets it pass. */
export const STRAY: RuleValue = rule('ct state invalid', goTo(WOULD_COUNTERS.stray))

/**
 * They stand while any policy is audited. All of them return, to where an open direction goes on. An untracked packet may be an answer,
 * and judging it as one here could be a verdict; so it is noted by itself.
 */
export function wouldChains(options: RulesetOptions): readonly ChainValue[] {
  const counters = Object.values(WOULD_COUNTERS).map((name) => chain(name, ['counter']))
  return [...FAMILIES.flatMap((family) => chainsOf(family, options)), ...counters]
}

function chainsOf(family: Family, options: RulesetOptions): readonly ChainValue[] {
  const [noted, lost] = [goTo(WOULD_COUNTERS.noted), rule(goTo(WOULD_COUNTERS.lost))]
  return DIRECTIONS.flatMap((direction) => {
    const fate = `would ${direction}` as const
    const untracked = `${wouldChain(direction, family, 'request')}-untracked`
    const ends = VARIANTS.map((variant) =>
      chain(wouldChain(direction, family, variant), [
        ruleOf([...throughService(family, options), 'return']),
        rule('ct state untracked', goTo(untracked)),
        ...recordFlow(fate, family, variant, noted),
        lost,
      ]),
    )
    return [...ends, chain(untracked, [recordUntracked(fate, family, noted), lost])]
  })
}
