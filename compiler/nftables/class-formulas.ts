import type { Family } from '../addresses/address.ts'
import { SETS_LAID_OUT_ONCE } from '../graph/grants-budget.ts'
import type { Grants } from '../graph/grants.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { Anchor } from './anchor.ts'
import type { ClassParts, PortGrant } from './class-parts.ts'
import { portsText } from './rule-text.ts'
import {
  type AddressesFormula,
  addressesFormula,
  type EndpointsFormula,
  endpointsFormula,
  endpointTerms,
  type EndpointTerm,
  type SetFormula,
  SHARED_TERMS,
} from './set-formula.ts'

/** Up to this many port rules are walked one by one (15 ns each); more are looked up: see docs/ruleset.md. */
export const HANDFUL = 6

/** The sets of pods that a class looks into, the same ones for both ways of a packet. */
export interface ClassFormulas {
  readonly wide: readonly { readonly match: string; readonly formula: AddressesFormula }[]
  readonly ports: ClassPorts
  /** Port names; and where sets are merged, single ports. */
  readonly endpoints: EndpointsFormula | undefined
  readonly all: readonly SetFormula[]
}

/** How intervals of ports with peers are laid out; `merged`: single ports are among the endpoints. */
export type ClassPorts =
  | { readonly kind: 'rules' | 'dispatch'; readonly ports: readonly PortSet[] }
  | { readonly kind: 'merged'; readonly ranges: EndpointsFormula | undefined }

export interface PortSet extends Omit<PortGrant, 'groups'> {
  readonly formula: AddressesFormula
}

/** Makes the formulas of a class; long ones are named by its anchor. */
export function classFormulas(parts: ClassParts, family: Family, anchor: Anchor): ClassFormulas {
  const wide = parts.wide.map(({ match, groups }) => ({
    match,
    formula: addressesFormula(family, groups, { anchor, part: `peers ${match}` }),
  }))
  const terms: EndpointTerm[] = []
  for (const { protocol, name, peers } of parts.names) {
    for (const term of endpointTerms(family, protocol, { kind: 'name', name }, peers)) terms.push(term)
  }
  const ports = portFormulas(parts.ports, family, anchor, terms)
  const endpoints = terms.length === 0 ? undefined : endpointsFormula(family, false, terms, anchor)
  const ofPorts = ports.kind === 'merged' ? [ports.ranges] : ports.ports.map(({ formula }) => formula)
  const all = [...wide.map(({ formula }) => formula), ...ofPorts, endpoints].filter((formula) => formula !== undefined)
  return { wide, ports, endpoints, all }
}

/** May it have a formula that is named by an anchor? If not, equal grants are all that a class is. */
export function mayNeedAnchor({ list }: Grants): boolean {
  let terms = 0
  for (const { peers } of list) {
    terms += 1 + (peers.kind === 'some' ? peers.groups.length : 0)
    if (terms > SHARED_TERMS) return true
  }
  return false
}

/** Single ports of merged sets join the terms. */
function portFormulas(ports: readonly PortGrant[], family: Family, anchor: Anchor, terms: EndpointTerm[]): ClassPorts {
  const isFew = ports.length <= HANDFUL
  if (!isFew && morePeerSets(ports, SETS_LAID_OUT_ONCE)) {
    const ranges = mergedTerms(ports, terms)
    return { kind: 'merged', ranges: ranges.length === 0 ? undefined : endpointsFormula(family, true, ranges, anchor) }
  }
  const formulas = new Map<readonly PeerGroup[] | string, AddressesFormula>()
  return {
    kind: isFew ? 'rules' : 'dispatch',
    ports: ports.map(({ protocol, from, to, groups }) => {
      // A long set is named by the first of its intervals, so equal groups have to be known as such, whatever object they are.
      const groupsKey = groups.length > SHARED_TERMS ? groups.map(({ key }) => key).join('\n') : groups
      let formula = formulas.get(groupsKey)
      if (formula === undefined) {
        const part = `${protocol} ${portsText(from, to)}`
        formulas.set(groupsKey, (formula = addressesFormula(family, groups, { anchor, part })))
      }
      return { protocol, from, to, formula }
    }),
  }
}

/** All small grants in one set: single ports join the endpoint terms, ranges of ports get an interval set. */
function mergedTerms(ports: readonly PortGrant[], terms: EndpointTerm[]): readonly EndpointTerm[] {
  const ranges: EndpointTerm[] = []
  for (const { protocol, from, to, groups } of ports) {
    const target = from === to ? terms : ranges
    for (const group of groups) target.push({ group, within: undefined, protocol, port: { kind: 'range', from, to } })
  }
  return ranges
}

/** Have the ports more different sets of peers than so many? */
function morePeerSets(ports: readonly PortGrant[], most: number): boolean {
  const lists = new Set<readonly PeerGroup[]>()
  const keys = new Set<string>()
  for (const { groups } of ports) {
    if (lists.has(groups)) continue
    lists.add(groups)
    keys.add(groups.map(({ key }) => key).join('\n'))
    if (keys.size > most) return true
  }
  return false
}
