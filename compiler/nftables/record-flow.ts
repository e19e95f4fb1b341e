import type { Family } from '../addresses/address.ts'
import { type Fate, recordedSetName, type WouldFate } from './recorded-sets.ts'
import { addressField, portField, type Side, type Variant } from './rule-text.ts'
import { recordIn, rule } from './rule-value.ts'
import type { RuleValue, Statement } from './ruleset.ts'

/**
 * The rules that note a flow as its first packet had it, also where its answer is what is judged again: who asked stands first. `then`:
 * where a packet goes that was noted. One that found no room (a full set ends its rule), or that has no such fields, goes on behind them.
 */
export function recordFlow(
  fate: Fate | WouldFate,
  family: Family,
  variant: Variant,
  then: Statement,
): readonly RuleValue[] {
  const { source, destination } = endsOf(family, variant)
  const icmp = family === 'IPv4' ? 'icmp' : 'icmpv6'
  // nft adds the question for ICMP by itself, and leaves it out of its listings.
  const isOther = `meta l4proto != { ${family === 'IPv4' ? 'icmp' : 'ipv6-icmp'}, tcp, udp, sctp }`
  return [
    recordPorts(recordedSetName('flows', family, fate), family, variant, then),
    rule(
      recordIn(recordedSetName('icmp', family, fate), `${source} . ${destination} . ${icmp} type . ${icmp} code`),
      then,
    ),
    rule(
      isOther,
      recordIn(recordedSetName('flows', family, fate), `${source} . ${destination} . meta l4proto . 0`),
      then,
    ),
  ]
}

/** Of a packet without conntrack state, which has no direction to tell: as it is, and apart from the others. */
export function recordUntracked(fate: Fate | WouldFate, family: Family, then: Statement): RuleValue {
  return recordPorts(recordedSetName('untracked', family, fate), family, 'request', then)
}

/** Who asked, and whom, as fields of a packet that goes this way. */
export function endsOf(family: Family, variant: Variant): Readonly<Record<Side, string>> {
  const [source, destination] = [addressField(family, 'source'), addressField(family, 'destination')]
  return variant === 'request' ? { source, destination } : { source: destination, destination: source }
}

/** An anonymous set, and `th` behind it: with one protocol in its place nft 1.0.6 leaves the question out of its listings. */
function recordPorts(set: string, family: Family, variant: Variant, then: Statement): RuleValue {
  const { source, destination } = endsOf(family, variant)
  const port = portField(variant === 'request' ? 'destination' : 'source')
  return rule(
    'meta l4proto { tcp, udp, sctp }',
    recordIn(set, `${source} . ${destination} . meta l4proto . th ${port}`),
    then,
  )
}
