import { FAMILIES, type Family } from '../addresses/address.ts'
import { chain } from './chain-value.ts'
import { denyChains } from './deny-chains.ts'
import { generationMark, type RulesetOptions } from './options.ts'
import { addressField, familyDigit } from './rule-text.ts'
import { byMap, goTo, inSet, jump, rule } from './rule-value.ts'
import type { ChainValue } from './ruleset.ts'

/**
 * The base chains that may stand, and where they hang: `output` only where IPVS carries Services. After DNAT, before SNAT, after
 * the chains of kube-proxy and Flannel (which stand at `filter`), before firewalld's.
 */
export const HOOKS: ReadonlyMap<string, string> = new Map([
  ['forward', hookAt('forward')],
  ['output', hookAt('output')],
])

function hookAt(hook: string): string {
  return `type filter hook ${hook} priority filter + 5; policy accept;`
}

/** The chains that change with the generation: they are rewritten to make conntrack's memory worthless. */
export function generationChains(options: RulesetOptions, generation: number): readonly ChainValue[] {
  if (options.established === 'keep') {
    return [...baseChains(options, 'ct state established accept'), chain('allow', ['accept'])]
  }
  const mask = options.markMask >>> 0
  const mark = hex(generationMark(generation, mask))
  return [
    // An expected connection (a helper's) inherits its master's mark, and must be judged itself: hence `related`.
    ...baseChains(options, `ct mark & ${hex(mask)} == ${mark} ct state != related accept`),
    chain('allow', [`ct mark set ct mark & ${hex(~mask >>> 0)} | ${mark} accept`]),
  ]
}

/** `remembered` lets flows go on that have been judged before. At `output` what the node itself sends is nobody's to judge. */
function baseChains({ serviceProxy, deny }: RulesetOptions, remembered: string): readonly ChainValue[] {
  const families = [rule('meta nfproto ipv4', goTo('packets4')), rule('meta nfproto ipv6', goTo('packets6'))]
  const rules = [remembered, ...families]
  const forward = chain('forward', rules, HOOKS.get('forward'))
  if (serviceProxy === 'nat') return [forward]
  const own = ['fib saddr type local accept', ...(deny === 'drop' ? [] : [OWN_RESET])]
  return [forward, chain('output', [...own, ...rules], HOOKS.get('output'))]
}

/** A reset that the kernel makes for a `reject` has the address of whoever did not give it, and conntrack calls it related. */
const OWN_RESET = 'tcp flags rst / syn,rst ct state related accept'

/** Their names. */
export const GENERATION_CHAINS: ReadonlySet<string> = new Set([...HOOKS.keys(), 'allow'])

/** The chains that never change while the options do not. */
export function fixedChains(options: RulesetOptions): readonly ChainValue[] {
  return [...FAMILIES.flatMap((family) => familyChains(family, options)), ...commonChains(options)]
}

/**
 * What to do with packets that no policy can name and that walk around every address rule: nothing while no isolated
 * pod is on the node.
 */
export function bridgeLocalChain(options: RulesetOptions, guarded: boolean): ChainValue {
  return chain('bridge-local', guarded && options.bridgeLocal === 'drop' ? [rule(goTo('refuse-silently'))] : [])
}

function commonChains(options: RulesetOptions): readonly ChainValue[] {
  return [
    chain('refuse', options.deny === 'drop' ? ['counter drop'] : rejectRules),
    chain('refuse-silently', ['counter drop']),
    // Without neighbour discovery (RFC 4861: hop limit 255) and MLD (RFC 3810: hop limit 1) IPv6 does not work at all. Nobody
    // but a router advertises or redirects, and what the node itself sends never comes here: a pod that did so would give its
    // neighbours an address that no rule knows.
    chain('neighbours', [
      rule('icmpv6 type 134', goTo('refuse-silently')),
      rule('icmpv6 type 137', goTo('refuse-silently')),
      'ip6 hoplimit 255 icmpv6 type 133-136 accept',
      'ip6 hoplimit 1 icmpv6 type 130-132 accept',
      'ip6 hoplimit 1 icmpv6 type 143 accept',
    ]),
    chain('link-local', [
      rule('ip6 saddr fe80::/10', jump('bridge-local')),
      rule('ip6 daddr fe80::/10', jump('bridge-local')),
    ]),
  ]
}

const rejectRules = ['meta l4proto tcp counter reject with tcp reset', 'counter reject with icmpx admin-prohibited']

function familyChains(family: Family, options: RulesetOptions): readonly ChainValue[] {
  const digit = familyDigit(family)
  const source = addressField(family, 'source')
  const destination = addressField(family, 'destination')
  return [
    // The hot path of a new connection: one look at its state, then its pods. What egress allows returns from the map, what
    // ingress allows goes to `allow`; so only what is bound for no isolated pod has to be looked at any further.
    chain(`packets${digit}`, [
      ...(family === 'IPv4' ? [] : fromLinkLocal),
      rule('ct state != new', jump(`other${digit}`)),
      rule(byMap(source, `eg${digit}`)),
      rule(byMap(destination, `in${digit}`)),
      ...(family === 'IPv4' ? bridgeLocalIPv4 : bridgeLocalIPv6),
      rule(goTo('allow')),
    ]),
    // Live flows to be judged again, and oddities. Only ICMP errors pass as related; everything else that is related or
    // untracked is judged like a new connection. Invalid packets between pods that no policy selects are not ours.
    chain(`other${digit}`, [
      rule('ct state invalid', inSet(source, `iso${digit}`), goTo('refuse-silently')),
      rule('ct state invalid', inSet(destination, `iso${digit}`), goTo('refuse-silently')),
      `ct state related meta l4proto ${family === 'IPv4' ? 'icmp' : 'ipv6-icmp'} accept`,
      rule('ct direction reply', goTo(`reply${digit}`)),
    ]),
    chain(`reply${digit}`, [
      rule(byMap(destination, `eg${digit}-reply`)),
      rule(byMap(source, `in${digit}-reply`)),
      rule(goTo('allow')),
    ]),
    ...denyChains(family, options),
  ]
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
const fromLinkLocal = [
  rule('meta l4proto ipv6-icmp', jump('neighbours')),
  rule('ip6 saddr fe00::/8', jump('link-local')),
]
const bridgeLocalIPv6 = [
  rule('ip6 daddr fe00::/8', jump('link-local')),
  rule('ip6 daddr ff00::/8', jump('bridge-local')),
]

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
