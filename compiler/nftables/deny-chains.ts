import type { Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { chain } from './chain-value.ts'
import type { RulesetOptions } from './options.ts'
import { endsOf, recordFlow, recordUntracked } from './record-flow.ts'
import { recordedSetName } from './recorded-sets.ts'
import { addressField, familyDigit, type Variant, VARIANTS } from './rule-text.ts'
import { goTo, inSet, jump, recordIn, rule, ruleOf } from './rule-value.ts'
import type { ChainValue, Statement } from './ruleset.ts'

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
  const refuse = goTo('refuse')
  const ends = DIRECTIONS.flatMap((direction) =>
    VARIANTS.map((variant) => {
      const pod = endsOf(family, variant)[direction === 'ingress' ? 'destination' : 'source']
      return chain(denyChain(direction, family, variant), [
        hairpin,
        rule('ct state untracked', variant === 'request' ? jump(untracked) : goTo(recorded)),
        rule(recordIn(recordedSetName(direction, family), pod)),
        ...recordFlow('denied', family, variant, refuse),
        rule(recordIn(recordedSetName('lost', family), pod)),
        rule(refuse),
      ])
    }),
  )
  return [
    ...ends,
    // It has no direction to tell; one that asks for a connection is no answer.
    chain(untracked, [rule(`${ASKS} return`), rule(goTo(`reply${familyDigit(family)}`))]),
    chain(recorded, [recordUntracked('denied', family, ''), rule(refuse)]),
  ]
}

/** Does the packet ask for a connection? RFC 9293: the answer to a SYN carries an ACK. nft from 1.0.1 to 1.1 reads this spelling. */
export const ASKS = 'tcp flags syn / syn,ack'

/**
 * A pod that has come to itself through a Service. IPVS leaves no mark of its translation on the flow (`ct status` has no dnat), but
 * conntrack still knows that it was begun towards another address.
 */
export function throughService(family: Family, { serviceProxy }: RulesetOptions): readonly Statement[] {
  const [source, destination] = [addressField(family, 'source'), addressField(family, 'destination')]
  const self = `self${familyDigit(family)}`
  const itself = inSet(`${source} . ${destination}`, self)
  if (serviceProxy === 'nat') return ['ct status dnat', itself]
  return [itself, inSet(`ct original ${source} . ct original ${destination} !=`, self)]
}
