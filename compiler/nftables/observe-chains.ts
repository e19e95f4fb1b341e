import { FAMILIES, type Family } from '../addresses/address.ts'
import { chain } from './chain-value.ts'
import { recordFlow, recordUntracked } from './record-flow.ts'
import { familyDigit } from './rule-text.ts'
import { goTo, rule } from './rule-value.ts'
import type { ChainValue } from './ruleset.ts'

/** Where `allow` jumps to while allowed connections are observed. */
export const OBSERVE_CHAIN = 'observe'

/** Counts what was allowed and found no room. */
export const SEEN_LOST_CHAIN = 'observe-lost'

/**
 * Notes what was allowed, and returns: once a connection, and once more in each generation, since a remembered flow never comes here.
 * They stand only while that is asked for, and are no part of the frame, so that it begins and ends without a table anew.
 */
export function observeChains(): readonly ChainValue[] {
  return [
    chain(OBSERVE_CHAIN, [
      rule('meta nfproto ipv4', goTo(observeChain('IPv4'))),
      rule('meta nfproto ipv6', goTo(observeChain('IPv6'))),
    ]),
    ...FAMILIES.flatMap((family) => {
      const name = observeChain(family)
      const lost = rule(goTo(SEEN_LOST_CHAIN))
      return [
        chain(name, [
          rule('ct state untracked', goTo(`${name}-untracked`)),
          rule('ct direction reply', goTo(`${name}-reply`)),
          ...recordFlow('allowed', family, 'request', 'return'),
          lost,
        ]),
        chain(`${name}-reply`, [...recordFlow('allowed', family, 'reply', 'return'), lost]),
        chain(`${name}-untracked`, [recordUntracked('allowed', family, 'return'), lost]),
      ]
    }),
    chain(SEEN_LOST_CHAIN, ['counter']),
  ]
}

function observeChain(family: Family): string {
  return `${OBSERVE_CHAIN}${familyDigit(family)}`
}
