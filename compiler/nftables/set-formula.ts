import type { Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { rangesKey } from '../addresses/ranges.ts'
import type { Protocol } from '../objects/protocol.ts'
import { EVERY_POD, type PeerGroup } from '../selectors/peer-group.ts'
import type { Peers } from '../graph/peers.ts'
import { commentText } from './comment-text.ts'
import { contentName } from './names.ts'
import { addressType, familyDigit, portsText } from './rule-text.ts'

/**
 * A set whose elements are pods: its name is its formula, its elements follow the pods. `addresses`: the addresses of
 * the groups' members. `endpoints`: address, protocol and port, for pods that own a port name or for many small grants.
 */
export type SetFormula = AddressesFormula | EndpointsFormula

export interface AddressesFormula {
  readonly kind: 'addresses'
  readonly name: string
  readonly family: Family
  readonly groups: readonly PeerGroup[]
  readonly comment: string
}

export interface EndpointsFormula {
  readonly kind: 'endpoints'
  readonly name: string
  readonly family: Family
  readonly interval: boolean
  readonly terms: readonly EndpointTerm[]
  readonly comment: string
}

/** Members of the group, at addresses within the ranges if there are any, on this port. */
export interface EndpointTerm {
  readonly group: PeerGroup
  readonly within: readonly AddressRange[] | undefined
  readonly protocol: Protocol
  readonly port: EndpointPort
}

export type EndpointPort =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'name'; readonly name: string }

/** Both ways of a packet and both families ask for the same groups, and hashing thousands of them takes its time. */
const known = new WeakMap<readonly PeerGroup[], Map<Family, AddressesFormula>>()

/** The address set of these groups. */
export function addressesFormula(family: Family, groups: readonly PeerGroup[]): AddressesFormula {
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

/** The endpoint set of these terms; `interval` sets (ranges of ports) are named apart, being of another kind. */
export function endpointsFormula(family: Family, interval: boolean, terms: readonly EndpointTerm[]): EndpointsFormula {
  const text = terms.map(termKey).join('\n')
  const prefix = `${interval ? 'y' : 'x'}${familyDigit(family)}`
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
