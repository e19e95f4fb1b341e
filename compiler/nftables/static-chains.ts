import { FAMILIES, type Family } from '../addresses/address.ts'
import { chain } from './chain-value.ts'
import { ASKS, denyChains } from './deny-chains.ts'
import { OBSERVE_CHAIN } from './observe-chains.ts'
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
    return [...baseChains(options, 'ct state established accept'), allowChain(options, ['accept'])]
  }
  const mask = options.markMask >>> 0
  const mark = hex(generationMark(generation, mask))
  return [
    // An expected connection (a helper's) inherits its master's mark, and must be judged itself: hence `related`.
    ...baseChains(options, `ct mark & ${hex(mask)} == ${mark} ct state != related accept`),
    // An untracked packet has no mark: the first rule ends there (nft_ct_get_eval), and nothing is remembered.
    allowChain(options, [`ct mark set ct mark & ${hex(~mask >>> 0)} | ${mark} accept`, 'accept']),
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

/** Where all that is allowed ends. Whether it is noted there is no part of what the ruleset means. */
function allowChain({ observe }: RulesetOptions, rules: readonly string[]): ChainValue {
  return chain(ALLOW_CHAIN, [...(observe ? [rule(jump(OBSERVE_CHAIN))] : []), ...rules])
}

/** The one chain of the frame that is rewritten where allowed connections are observed, or are not any more. */
export const ALLOW_CHAIN = 'allow'

/** Their names. */
export const GENERATION_CHAINS: ReadonlySet<string> = new Set([...HOOKS.keys(), ALLOW_CHAIN])

/** The chains that never change while the options do not; those that do are in `frame-chains.ts`. */
export function fixedChains(options: RulesetOptions): readonly ChainValue[] {
  return [...FAMILIES.flatMap((family) => familyChains(family, options)), ...commonChains(options)]
}

function commonChains(options: RulesetOptions): readonly ChainValue[] {
  return [
    chain('refuse', options.deny === 'drop' ? ['counter drop'] : rejectRules(options)),
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

/**
 * At `output` (no packet there has come in by a device any more) who asks for a connection is told by ICMP, which IPVS translates back.
 * A reset for a packet that a bridge brought in the kernel sends past every hook, with the address of the endpoint, whom the client
 * never asked (nf_send_reset, `nf_bridge_get_physindev`).
 */
function rejectRules({ serviceProxy }: RulesetOptions): readonly string[] {
  const prohibited = 'counter reject with icmpx admin-prohibited'
  const asked = serviceProxy === 'nat' ? [] : [`meta iif 0 ${ASKS} ${prohibited}`]
  return [...asked, 'meta l4proto tcp counter reject with tcp reset', prohibited]
}

function familyChains(family: Family, options: RulesetOptions): readonly ChainValue[] {
  const digit = familyDigit(family)
  const source = addressField(family, 'source')
  const destination = addressField(family, 'destination')
  return [
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

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
