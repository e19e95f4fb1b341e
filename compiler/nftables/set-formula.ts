import type { Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { rangesKey } from '../addresses/ranges.ts'
import type { Protocol } from '../objects/protocol.ts'
import { EVERY_POD, type PeerGroup } from '../selectors/peer-group.ts'
import type { Peers } from '../graph/peers.ts'
import type { Anchor } from './anchor.ts'
import { commentText } from './comment-text.ts'
import { contentName } from './names.ts'
import { addressType, familyDigit, portsText } from './rule-text.ts'

/**
 * A set whose elements are pods: its elements follow the pods. `addresses`: the addresses of the groups' members. `endpoints`:
 * address, protocol and port, for pods that own a port name or for many small grants. A short one is named by what it says,
 * so that all classes share it; a long one by whose it is (`SetPlace`), so that it keeps its name when it says a little more.
 */
export type SetFormula = AddressesFormula | EndpointsFormula

export interface AddressesFormula {
  readonly kind: 'addresses'
  readonly name: string
  readonly family: Family
  /** Sorted by key. */
  readonly groups: readonly PeerGroup[]
  readonly comment: string
}

export interface EndpointsFormula {
  readonly kind: 'endpoints'
  readonly name: string
  readonly family: Family
  readonly interval: boolean
  /** In the order of {@link compareTerms}, none twice. */
  readonly terms: readonly EndpointTerm[]
  readonly comment: string
}

/** Which set of whose class it is: nothing else may stand in a set of this place at one time. */
export interface SetPlace {
  readonly anchor: Anchor
  /** What tells it from the other sets of the class. */
  readonly part: string
}

/**
 * A formula of more terms than this is named by its place. As many elements are a transaction of some milliseconds; and
 * what classes then no longer share stays small.
 */
export const SHARED_TERMS = 128

/** Members of the group, at addresses within the ranges if there are any, on this port. */
export interface EndpointTerm {
  readonly group: PeerGroup
  readonly within: readonly AddressRange[] | undefined
  readonly protocol: Protocol
  readonly port: EndpointPort
}

/** What makes a pod a member of a set; in an address set being in the group is all. */
export type SetTerm = { readonly group: PeerGroup } | EndpointTerm

export type EndpointPort =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'name'; readonly name: string }

/** Both ways of a packet and both families ask for the same groups, and hashing thousands of them takes its time. */
const known = new WeakMap<readonly PeerGroup[], Map<Family, AddressesFormula>>()

/** The address set of these groups. */
export function addressesFormula(family: Family, groups: readonly PeerGroup[], place: SetPlace): AddressesFormula {
  if (groups.length > SHARED_TERMS) return { kind: 'addresses', family, groups, ...nameOfPlace('p', family, place) }
  let ofGroups = known.get(groups)
  if (ofGroups === undefined) known.set(groups, (ofGroups = new Map()))
  let formula = ofGroups.get(family)
  if (formula === undefined) ofGroups.set(family, (formula = newAddressesFormula(family, groups)))
  return formula
}

function newAddressesFormula(family: Family, groups: readonly PeerGroup[]): AddressesFormula {
  const text = groups.map(({ key }) => key).join('\n')
  return {
    kind: 'addresses',
    name: contentName(`p${familyDigit(family)}`, text),
    family,
    groups,
    comment: commentText(
      `pods ${groups
        .slice(0, COMMENTED)
        .map(({ key }) => key)
        .join(' or ')}`,
    ),
  }
}

/** Is it named by what it says? Then equal name, equal formula, at all times. */
export function isShared(formula: SetFormula): boolean {
  return (formula.kind === 'addresses' ? formula.groups : formula.terms).length <= SHARED_TERMS
}

function nameOfPlace(prefix: string, family: Family, { anchor, part }: SetPlace) {
  return {
    // No formula begins with a blank.
    name: contentName(`${prefix}${familyDigit(family)}`, ` ${anchor.text}\n${part}`),
    comment: commentText(anchor.text.replaceAll('\n', ' ')),
  }
}

/** The endpoint set of these terms; `interval` sets (ranges of ports) are named apart, being of another kind. */
export function endpointsFormula(
  family: Family,
  interval: boolean,
  terms: readonly EndpointTerm[],
  anchor: Anchor,
): EndpointsFormula {
  const kind = interval ? 'y' : 'x'
  if (terms.length > SHARED_TERMS) {
    return { kind: 'endpoints', family, interval, terms, ...nameOfPlace(kind, family, { anchor, part: 'endpoints' }) }
  }
  const text = terms.map(termKey).join('\n')
  const prefix = `${kind}${familyDigit(family)}`
  const comment = commentText(
    terms.map(({ group, port, protocol }) => `${protocol} ${portText(port)} ${group.key}`).join(' or '),
  )
  return { kind: 'endpoints', name: contentName(prefix, text), family, interval, terms, comment }
}

/** What one grant's peers contribute: a term for each group, and for blocks every pod inside. */
export function endpointTerms(
  family: Family,
  protocol: Protocol,
  port: EndpointPort,
  peers: Peers,
): readonly EndpointTerm[] {
  if (peers.kind === 'anyone') return [{ group: EVERY_POD, within: undefined, protocol, port }]
  const terms: EndpointTerm[] = peers.groups.map((group) => ({ group, within: undefined, protocol, port }))
  const within = peers.ranges[family]
  // A range of addresses means pods only where a port name has to be looked up on them.
  if (port.kind === 'name' && within.length > 0) terms.push({ group: EVERY_POD, within, protocol, port })
  return terms
}

/** As much of a formula as can find room in a comment. */
const COMMENTED = 20

/** The fields of the set's key. */
export function formulaType(formula: SetFormula): readonly string[] {
  const address = addressType(formula.family)
  return formula.kind === 'addresses' ? [address] : [address, 'inet_proto', 'inet_service']
}

function termKey({ group, within, protocol, port }: EndpointTerm): string {
  return `${protocol} ${portText(port)} ${within === undefined ? '' : rangesKey(within)} ${group.key}`
}

// A port name has at least one letter, so it never looks like a number.
function portText(port: EndpointPort): string {
  return port.kind === 'name' ? port.name : portsText(port.from, port.to)
}
