import type { Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { chain } from './chain-value.ts'
import type { RulesetOptions } from './options.ts'
import { recordedSetName } from './recorded-sets.ts'
import { addressField, familyDigit, portField, type Side, type Variant, VARIANTS } from './rule-text.ts'
import { goTo, inSet, jump, recordIn, rule, ruleOf } from './rule-value.ts'
import type { ChainValue, RuleValue, Statement } from './ruleset.ts'

/** The chain where the classes of a direction end: no grant has matched. */
export function denyChain(direction: Direction, family: Family, variant: Variant): string {
  return `deny-${direction === 'ingress' ? 'in' : 'eg'}${familyDigit(family)}${variant === 'reply' ? '-reply' : ''}`
}

/**
 * The end of every class chain. A pod reaches itself whatever policy says: by its address, which never comes here, and
 * through its own Service, which does after DNAT (without DNAT it is a neighbour's forgery); an untracked packet may be
 * somebody's answer, and gets a second judgement as one. What is left is noted and refused.
 */
export function denyChains(family: Family, options: RulesetOptions): readonly ChainValue[] {
  const hairpin = ruleOf([...throughService(family, options), 'accept'])
  const [untracked, recorded] = [`untracked${familyDigit(family)}`, `denied-untracked${familyDigit(family)}`]
  const ends = DIRECTIONS.flatMap((direction) =>
    VARIANTS.map((variant) =>
      chain(denyChain(direction, family, variant), [
        hairpin,
        rule('ct state untracked', variant === 'request' ? jump(untracked) : goTo(recorded)),
        ...recordings(direction, family, variant),
        rule(goTo('refuse')),
      ]),
    ),
  )
  return [
    ...ends,
    // It has no direction to tell; one that asks for a connection is no answer.
    chain(untracked, [rule(`${ASKS} return`), rule(goTo(`reply${familyDigit(family)}`))]),
    chain(recorded, [recordPorts('untracked', family, 'request'), rule(goTo('refuse'))]),
  ]
}

/** Does the packet ask for a connection? RFC 9293: the answer to a SYN carries an ACK. nft from 1.0.1 to 1.1 reads this spelling. */
export const ASKS = 'tcp flags syn / syn,ack'

/**
 * A pod that has come to itself through a Service. IPVS leaves no mark of its translation on the flow (`ct status` has no dnat), but
 * conntrack still knows that it was begun towards another address.
 */
function throughService(family: Family, { serviceProxy }: RulesetOptions): readonly Statement[] {
  const [source, destination] = [addressField(family, 'source'), addressField(family, 'destination')]
  const self = `self${familyDigit(family)}`
  const itself = inSet(`${source} . ${destination}`, self)
  if (serviceProxy === 'nat') return ['ct status dnat', itself]
  return [itself, inSet(`ct original ${source} . ct original ${destination} !=`, self)]
}

/** As the flow's first packet had it, also where its answer is what is judged again: who asked stands first. */
function recordings(direction: Direction, family: Family, variant: Variant): readonly RuleValue[] {
  const [from, to] = endsOf(family, variant)
  const icmp = family === 'IPv4' ? 'icmp' : 'icmpv6'
  // nft adds the question for ICMP by itself, and leaves it out of its listings.
  const isOther = `meta l4proto != { ${family === 'IPv4' ? 'icmp' : 'ipv6-icmp'}, tcp, udp, sctp }`
  return [
    rule(recordIn(recordedSetName(direction, family), direction === 'ingress' ? to : from)),
    recordPorts('flows', family, variant),
    rule(recordIn(recordedSetName('icmp', family), `${from} . ${to} . ${icmp} type . ${icmp} code`)),
    rule(isOther, recordIn(recordedSetName('flows', family), `${from} . ${to} . meta l4proto . 0`)),
  ]
}

/** An anonymous set, and `th` behind it: with one protocol in its place nft 1.0.6 leaves the question out of its listings. */
function recordPorts(kind: 'flows' | 'untracked', family: Family, variant: Variant): RuleValue {
  const [from, to] = endsOf(family, variant)
  const port = portField(variant === 'request' ? 'destination' : 'source')
  const key = `${from} . ${to} . meta l4proto . th ${port}`
  return rule('meta l4proto { tcp, udp, sctp }', recordIn(recordedSetName(kind, family), key))
}

/** Who asked, and whom. */
function endsOf(family: Family, variant: Variant): readonly [string, string] {
  const sides: readonly Side[] = variant === 'request' ? ['source', 'destination'] : ['destination', 'source']
  const [from = '', to = ''] = sides.map((side) => addressField(family, side))
  return [from, to]
}
