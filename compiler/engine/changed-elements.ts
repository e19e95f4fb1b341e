import type { ElementChange } from '../nftables/ruleset.ts'
import type { SetTerm } from '../nftables/set-formula.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { PodEntry } from './pod-entry.ts'
import { elementText, ownAddresses, type PortsAt, portsAt } from './set-elements.ts'
import type { SetNode } from './set-node.ts'

/**
 * How a set changes because its formula has changed, as far as these pods are concerned that did not change themselves. An element
 * comes with the first reason for it and goes with the last: of each term that came or went the members are asked, and of
 * those whether another term gives them the same. Nobody walks the set.
 */
export function changedElements(node: SetNode, membersOf: (group: PeerGroup) => Iterable<PodEntry>): ElementChange {
  const { added, removed } = node.changed
  const removedByGroup = Map.groupBy(removed, ({ group }) => group.key)
  const isGivenNow = (entry: PodEntry, address: string, ports: PortsAt) =>
    groupKeysOf(entry).some((key) => gives(entry, address, ports, node.parts.get(key)?.terms ?? []))
  const wasGiven = (entry: PodEntry, address: string, ports: PortsAt) =>
    groupKeysOf(entry).some(
      (key) =>
        gives(entry, address, ports, node.parts.get(key)?.terms ?? [], added) ||
        gives(entry, address, ports, removedByGroup.get(key) ?? []),
    )
  return {
    added: elementsOf(added, node, membersOf, (entry, address, ports) => !wasGiven(entry, address, ports)),
    removed: elementsOf(removed, node, membersOf, (entry, address, ports) => !isGivenNow(entry, address, ports)),
  }
}

type IsWanted = (entry: PodEntry, address: string, ports: PortsAt) => boolean

function elementsOf(
  terms: Iterable<SetTerm>,
  { formula }: SetNode,
  membersOf: (group: PeerGroup) => Iterable<PodEntry>,
  isWanted: IsWanted,
): readonly string[] {
  const elements = new Set<string>()
  for (const term of terms) {
    for (const entry of membersOf(term.group)) {
      for (const address of ownAddresses(entry, formula)) {
        const ports = portsAt(entry, address, term)
        if (ports !== undefined && isWanted(entry, address, ports)) elements.add(elementText(address, ports))
      }
    }
  }
  return [...elements]
}

/** Does one of these terms, less some, give the pod that? */
function gives(
  entry: PodEntry,
  address: string,
  ports: PortsAt,
  terms: readonly SetTerm[],
  less?: ReadonlySet<SetTerm>,
): boolean {
  return terms.some((term) => {
    // Of thousands of terms most are about another port.
    if (ports !== 'address' && 'protocol' in term && term.port.kind === 'range') {
      if (term.port.from !== ports.from || term.port.to !== ports.to || term.protocol !== ports.protocol) return false
    }
    if (less?.has(term) === true) return false
    const other = portsAt(entry, address, term)
    return other !== undefined && samePorts(ports, other)
  })
}

function samePorts(left: PortsAt, right: PortsAt): boolean {
  if (left === 'address' || right === 'address') return left === right
  return left.protocol === right.protocol && left.from === right.from && left.to === right.to
}

function groupKeysOf(entry: PodEntry): readonly string[] {
  return [...(entry.peerBucket?.groups ?? [])].map(({ group }) => group.key)
}
