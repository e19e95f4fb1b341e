import type { Block } from '../addresses/block.ts'
import { FAMILIES, type Family } from '../addresses/address.ts'
import { blockText } from './block-text.ts'
import type { HoldSubnets } from '../objects/sandbox.ts'
import { POD_BRIDGE } from './pod-bridge.ts'
import { AGENT_SET, holdSet } from './hold-sets.ts'
import type { RulesetOptions } from './options.ts'
import { addressField, familyDigit } from './rule-text.ts'
import { byMap, goTo, inSet, jump, rule } from './rule-value.ts'
import type { ChainValue, RuleValue } from './ruleset.ts'
import { chain } from './chain-value.ts'
import { wouldChains } from './would-chains.ts'

/** What the chains at the head of the ruleset depend on, beside its options. */
export interface Frame {
  /** An isolated pod is on the node. */
  readonly isGuarded: boolean
  /** Some policy of the cluster is only audited. */
  readonly audits: boolean
  readonly hold: HoldSubnets
  /** Its rules stand; without them only its sets do, so that the rules find them filled. */
  readonly isHolding: boolean
}

/** The chains that every packet walks before any of a pod's own, and that follow the node's state. */
export function frameChains(options: RulesetOptions, frame: Frame): readonly ChainValue[] {
  return [
    bridgeLocalChain(options, frame),
    ...FAMILIES.map((family) => packetsChain(family, frame)),
    ...(frame.hold.kind === 'on' ? heldChains(frame.hold.excepts, options) : []),
    ...(frame.audits ? wouldChains(options) : []),
  ]
}

/** The names of those that every packet walks. */
export const PACKETS_CHAINS: ReadonlySet<string> = new Set(['packets4', 'packets6'])

/** The names of those that stand while the hold is on, and may change with it. */
export const HELD_CHAINS: ReadonlySet<string> = new Set([
  'held',
  'held-refused',
  'held4',
  'held4-to',
  'held6',
  'held6-to',
  'bridged6',
])

/**
 * The hot path of a new connection: one look at its state, then its pods. What egress allows returns from the map, what
 * ingress allows goes to `allow`; so only what is bound for no isolated pod has to be looked at any further.
 */
function packetsChain(family: Family, frame: Frame): ChainValue {
  const digit = familyDigit(family)
  return chain(`packets${digit}`, [
    ...(family === 'IPv4' ? [] : [rule('meta l4proto ipv6-icmp', jump('neighbours'))]),
    // Before everything that can accept: an answer, an error and an untracked packet are held as any other.
    ...(frame.isHolding && frame.hold.kind === 'on' ? holdRules(family, frame.hold.blocks) : []),
    ...(family === 'IPv4' ? [] : [rule('ip6 saddr fe00::/8', jump('link-local'))]),
    rule('ct state != new', jump(`other${digit}`)),
    rule(byMap(addressField(family, 'source'), `eg${digit}`)),
    rule(byMap(addressField(family, 'destination'), `in${digit}`)),
    ...(family === 'IPv4' ? bridgeLocalIPv4 : bridgeLocalIPv6),
    rule(goTo('allow')),
  ])
}

/** An address of the node's pods that is not known to be one of them sends nothing and gets nothing. */
function holdRules(family: Family, blocks: readonly Block[]): readonly RuleValue[] {
  const digit = familyDigit(family)
  const known = holdSet('local', family)
  const ofBlocks = blocks
    .filter((block) => block.family === family)
    .flatMap((block) =>
      (['source', 'destination'] as const).map((side) => {
        const field = addressField(family, side)
        const chainName = side === 'source' ? `held${digit}` : `held${digit}-to`
        return rule(`${field} ${blockText(block)}`, inSet(`${field} !=`, known), jump(chainName))
      }),
    )
  return family === 'IPv4' ? ofBlocks : [...ofBlocks, betweenPods]
}

/** From a pod of this node to another one, bridged or sent back by the node: where br_netfilter shows it, both are the bridge. */
const betweenPods = rule(`iifname "${POD_BRIDGE}" oifname "${POD_BRIDGE}"`, jump('bridged6'))

/**
 * In IPv6 an address costs a pod nothing: it may give itself one of no subnet, in a cluster of IPv4 alone too, and a neighbour
 * another. Between pods those count that are known, of whatever subnet; link-local and multicast ones are `bridge-local`'s.
 */
function bridgedChain(): ChainValue {
  const known = holdSet('local', 'IPv6')
  return chain('bridged6', [
    rule('ip6 saddr != fe80::/10', inSet('ip6 saddr !=', known), jump('held6')),
    rule('ip6 daddr fe80::/10 return'),
    rule('ip6 daddr ff00::/8 return'),
    rule(inSet('ip6 daddr !=', known), jump('held6-to')),
  ])
}

/**
 * Who is held as a source gets no answer: nobody knows it. Who calls a held address is told that nobody is there, as ARP told
 * it before, but for a pod that is about to start: its clients are to try again.
 */
function heldChains(excepts: readonly Block[], { holdOpenAfterSeconds }: RulesetOptions): readonly ChainValue[] {
  const ifDead = holdOpenAfterSeconds === undefined ? [] : [rule(inSet('meta nfproto !=', AGENT_SET), 'return')]
  const ofFamilies = FAMILIES.flatMap((family) => {
    const digit = familyDigit(family)
    const passing = (side: 'source' | 'destination') =>
      excepts
        .filter((block) => block.family === family)
        .map((block) => rule(`${addressField(family, side)} ${blockText(block)} return`))
    return [
      chain(`held${digit}`, [...passing('source'), ...ifDead, rule(goTo('held'))]),
      chain(`held${digit}-to`, [
        ...passing('destination'),
        ...ifDead,
        rule(inSet(addressField(family, 'destination'), holdSet('starting', family)), goTo('held')),
        rule(goTo('held-refused')),
      ]),
    ]
  })
  return [
    ...ofFamilies,
    bridgedChain(),
    chain('held', ['counter drop']),
    chain('held-refused', ['counter reject with icmpx host-unreachable']),
  ]
}

/**
 * What to do with packets that no policy can name and that walk around every address rule: nothing (they are counted, where a
 * policy is audited) while no isolated pod is on the node, and none is held.
 */
function bridgeLocalChain({ bridgeLocal }: RulesetOptions, { isGuarded, isHolding, audits }: Frame): ChainValue {
  if (bridgeLocal === 'pass') return chain('bridge-local', [])
  if (isGuarded || isHolding) return chain('bridge-local', [rule(goTo('refuse-silently'))])
  // What the first isolated pod of the node would cost.
  return chain('bridge-local', audits ? ['counter'] : [])
}

/**
 * Broadcast and multicast frames; and packets to such addresses in frames to one station, which a raw socket can send. A
 * broadcast address ends in two set bits (RFC 919; a /31 has none), which spares nearly all others the look into the FIB.
 */
const bridgeLocalIPv4 = [
  rule('meta pkttype != host', jump('bridge-local')),
  rule('ip daddr 0.0.0.0/8', jump('bridge-local')),
  rule('ip daddr 224.0.0.0/4', jump('bridge-local')),
  rule('ip daddr & 0.0.0.3 == 0.0.0.3 fib daddr type broadcast', jump('bridge-local')),
]

/** Comparing whole bytes is cheaper: the exact test stands in `link-local`. */
const bridgeLocalIPv6 = [
  rule('ip6 daddr fe00::/8', jump('link-local')),
  rule('ip6 daddr ff00::/8', jump('bridge-local')),
]
