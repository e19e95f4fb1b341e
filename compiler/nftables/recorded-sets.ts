import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import { addressType, familyDigit } from './rule-text.ts'
import type { RecordedSet, SetValue } from './ruleset.ts'

/** What became of the packets that a set notes. */
export type Fate = 'denied' | 'allowed'

/**
 * What an audited policy would have made of packets that were allowed; apart by direction, since a packet that both ends would deny
 * comes by both.
 */
export type WouldFate = 'would ingress' | 'would egress'

export const WOULD_FATES: readonly WouldFate[] = ['would ingress', 'would egress']

/** The sets that packets fill, by what they hold: flows, or how many packets one pod had denied, or denied and not noted as a flow. */
export type RecordedKind = FlowKind | Direction | 'lost'

/** `icmp`: by type and code. `untracked`: which end asked is not known. */
export type FlowKind = 'flows' | 'icmp' | 'untracked'

export const FLOW_KINDS: readonly FlowKind[] = ['flows', 'icmp', 'untracked']

/** A set's elements are `source . destination . protocol . port`, ICMP's type and code for the last two, or one pod's address. */
export function recordedSetName(kind: RecordedKind, family: Family, fate: Fate | WouldFate = 'denied'): string {
  return `${PREFIXES[fate]}${SUFFIXES[kind]}${familyDigit(family)}`
}

const PREFIXES: Readonly<Record<Fate | WouldFate, string>> = {
  denied: 'denied',
  allowed: 'seen',
  'would ingress': 'would-in',
  'would egress': 'would-eg',
}

const SUFFIXES: Readonly<Record<RecordedKind, string>> = {
  flows: '',
  icmp: '-icmp',
  untracked: '-untracked',
  ingress: '-in',
  egress: '-eg',
  lost: '-lost',
}

const HOUR = 3600

/** So long after its last packet, or judgement, the kernel forgets a flow. */
export const KEPT_SECONDS: Readonly<Record<Fate | WouldFate, number>> = {
  denied: HOUR,
  allowed: 24 * HOUR,
  'would ingress': HOUR,
  'would egress': HOUR,
}

/** So many flows of one family have room: all sets together are listed in half a second at worst. */
export const MOST_FLOWS = 4096

/** How many of each kind have room, in one family. */
export const ROOM: Readonly<Record<FlowKind, number>> = { flows: MOST_FLOWS, icmp: 1024, untracked: 1024 }

/**
 * What was denied, for people: an element a flow with its packets counted, gone an hour after the last one. A full set takes no more
 * (and ends its rule), so that a scan costs no memory; totals, and what found no room, stand apart, one for each pod, which no
 * stranger fills.
 */
export function deniedSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) => {
    const address = addressType(family)
    const ofPods = (kind: RecordedKind, comment: string) =>
      recordedSet(recordedSetName(kind, family), [address], { size: MOST_FLOWS, timeoutSeconds: 24 * HOUR }, comment)
    return [
      ...flowSets('denied', family),
      ofPods('ingress', 'packets denied by ingress, by pod'),
      ofPods('egress', 'packets denied by egress, by pod'),
      ofPods('lost', 'packets denied and not noted above, by pod'),
    ]
  })
}

/** What was allowed, a day after the last time it was judged; only where allowed connections are observed. */
export function seenSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) => flowSets('allowed', family))
}

/** What audited policies would have denied; they stand while any policy of the cluster is audited, whomever it selects. */
export function wouldSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) => WOULD_FATES.flatMap((fate) => flowSets(fate, family)))
}

function flowSets(fate: Fate | WouldFate, family: Family): readonly SetValue[] {
  const address = addressType(family)
  const endpoints = [address, address, 'inet_proto', 'inet_service']
  const icmp = family === 'IPv4' ? 'icmp' : 'icmpv6'
  const made = (kind: FlowKind, type: readonly string[], what: string) =>
    recordedSet(
      recordedSetName(kind, family, fate),
      type,
      { size: ROOM[kind], timeoutSeconds: KEPT_SECONDS[fate] },
      what,
    )
  return [
    made('flows', endpoints, `what ${WORDS[fate]}: from, to, port`),
    made('icmp', [address, address, `${icmp}_type`, `${icmp}_code`], `what ${WORDS[fate]}: from, to, type, code`),
    made('untracked', endpoints, `${WORDS[fate].replace('was ', '')}, and which end asked is not known`),
  ]
}

const WORDS: Readonly<Record<Fate | WouldFate, string>> = {
  denied: 'was denied',
  allowed: 'was allowed',
  'would ingress': 'audited ingress would deny',
  'would egress': 'audited egress would deny',
}

function recordedSet(name: string, type: readonly string[], recorded: RecordedSet, comment: string): SetValue {
  return { kind: 'set', name, type, interval: false, recorded, comment, elements: new Set() }
}
