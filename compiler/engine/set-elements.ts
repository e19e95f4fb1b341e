import { familyOf } from '../addresses/family-of.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { SetFormula, SetTerm } from '../nftables/set-formula.ts'
import { portsText, protocolWord } from '../nftables/rule-text.ts'
import type { Protocol } from '../objects/protocol.ts'
import type { PodEntry } from './pod-entry.ts'

/** The elements that a pod has in a set by these terms, of whose groups it is a member. */
export function podElements(entry: PodEntry, formula: SetFormula, terms: readonly SetTerm[]): readonly string[] {
  return ownAddresses(entry, formula).flatMap((address) =>
    terms.flatMap((term) => {
      const ports = portsAt(entry, address, term)
      return ports === undefined ? [] : elementText(address, ports)
    }),
  )
}

/** What a member has at one address: the port or ports that a term of an endpoint set means there, or just the address. */
export type PortsAt = 'address' | { readonly protocol: Protocol; readonly from: number; readonly to: number }

/** The addresses of the set's family. */
export function ownAddresses(entry: PodEntry, { family }: SetFormula): readonly string[] {
  return entry.owned.filter((address) => familyOf(address) === family)
}

/** What the term gives a member of its group at this address; undefined: nothing. */
export function portsAt(entry: PodEntry, address: string, term: SetTerm): PortsAt | undefined {
  if (!('protocol' in term)) return 'address'
  const { within, protocol, port } = term
  if (within !== undefined) {
    const parsed = parseAddress(address)
    if (parsed === undefined || !rangesContain(within, parsed.value)) return undefined
  }
  if (port.kind === 'range') return { protocol, from: port.from, to: port.to }
  const own = entry.pod.ports.find((named) => named.name === port.name && named.protocol === protocol)
  return own && { protocol, from: own.number, to: own.number }
}

export function elementText(address: string, ports: PortsAt): string {
  return ports === 'address'
    ? address
    : `${address} . ${protocolWord(ports.protocol)} . ${portsText(ports.from, ports.to)}`
}
