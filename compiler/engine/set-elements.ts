import { familyOf } from '../addresses/family-of.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { EndpointTerm, SetFormula } from '../nftables/set-formula.ts'
import { portsText, protocolWord } from '../nftables/rule-text.ts'
import type { PodEntry } from './pod-entry.ts'

/** The elements that a pod has in a set, as a member of this group of the set's formula. */
export function podElements(entry: PodEntry, formula: SetFormula, terms: readonly EndpointTerm[]): readonly string[] {
  const addresses = entry.owned.filter((address) => familyOf(address) === formula.family)
  switch (formula.kind) {
    case 'addresses':
      return addresses
    case 'endpoints':
      return addresses.flatMap((address) => terms.flatMap((term) => endpointElement(entry, address, term)))
  }
}

function endpointElement(
  entry: PodEntry,
  address: string,
  { within, protocol, port }: EndpointTerm,
): readonly string[] {
  if (within !== undefined) {
    const parsed = parseAddress(address)
    if (parsed === undefined || !rangesContain(within, parsed.value)) return []
  }
  const prefix = `${address} . ${protocolWord(protocol)}`
  if (port.kind === 'range') return [`${prefix} . ${portsText(port.from, port.to)}`]
  const own = entry.pod.ports.find((named) => named.name === port.name && named.protocol === protocol)
  return own === undefined ? [] : [`${prefix} . ${own.number}`]
}
