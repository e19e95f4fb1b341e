import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import { addressType, familyDigit } from './rule-text.ts'
import type { SetValue } from './ruleset.ts'

/** The sets that denied packets fill, by what they hold. */
export type RecordedKind = 'flows' | 'icmp' | 'untracked' | Direction

/** A set's elements are `source . destination . protocol . port`, ICMP's type and code for the last two, or one pod's address. */
export function recordedSetName(kind: RecordedKind, family: Family): string {
  const digit = familyDigit(family)
  switch (kind) {
    case 'flows':
      return `denied${digit}`
    case 'icmp':
      return `denied-icmp${digit}`
    case 'untracked':
      return `denied-untracked${digit}`
    case 'ingress':
      return `denied-in${digit}`
    case 'egress':
      return `denied-eg${digit}`
  }
}

const HOUR = 3600

/** So many flows of one family have room: all sets together are listed in half a second at worst. */
export const MOST_FLOWS = 4096

/**
 * What was denied, for people: an element a flow with its packets counted, gone an hour after the last one. A full set takes no more
 * (and ends no rule), so that a scan costs no memory; totals stand apart, one for each pod and direction, which no stranger fills.
 */
export function recordedSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) => {
    const address = addressType(family)
    const icmp = family === 'IPv4' ? 'icmp' : 'icmpv6'
    const made = (
      kind: RecordedKind,
      type: readonly string[],
      size: number,
      hours: number,
      comment: string,
    ): SetValue => ({
      kind: 'set',
      name: recordedSetName(kind, family),
      type,
      interval: false,
      recorded: { size, timeoutSeconds: hours * HOUR },
      comment,
      elements: new Set(),
    })
    const endpoints = [address, address, 'inet_proto', 'inet_service']
    return [
      made('flows', endpoints, MOST_FLOWS, 1, 'what was denied: from, to, port'),
      made(
        'icmp',
        [address, address, `${icmp}_type`, `${icmp}_code`],
        1024,
        1,
        'what was denied: from, to, type, code',
      ),
      made('untracked', endpoints, 1024, 1, 'denied, and which end asked is not known'),
      made('ingress', [address], 4096, 24, 'packets denied by ingress, by pod'),
      made('egress', [address], 4096, 24, 'packets denied by egress, by pod'),
    ]
  })
}
