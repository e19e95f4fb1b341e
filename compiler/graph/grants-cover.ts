import type { Protocol } from '../objects/protocol.ts'
import { firstEndingAt } from './first-ending-at.ts'
import type { Grant, Grants } from './grants.ts'
import { createWithout, NOBODY, type Peers, peersCover, peersSize, unionPeers } from './peers.ts'

/**
 * Does the wider of two grants surely allow everything that the narrower allows? Judged by formula alone, so a `false`
 * may be over-careful (a generation is bumped for nothing); a `true` never is.
 */
export function grantsCover(wider: Grants, narrower: Grants): boolean {
  const changed = differentPart(narrower.list, wider.list)
  if (changed.length === 0) return true
  const table = createGrantTable(wider)
  return changed.every((grant) => grantCovered(table, grant))
}

/** Without what is the same grant at both ends of the lists: one policy more or less leaves nearly all as they are. */
function differentPart(list: readonly Grant[], other: readonly Grant[]): readonly Grant[] {
  const shorter = Math.min(list.length, other.length)
  let start = 0
  while (start < shorter && list[start] === other[start]) start += 1
  let end = 0
  while (end < shorter - start && list[list.length - 1 - end] === other[other.length - 1 - end]) end += 1
  return list.slice(start, list.length - end)
}

/** The grants by their ports, so that a grant of the other side finds its match without walking all of them. */
interface GrantTable {
  readonly any: Peers
  /** Peers less those that are granted the whole protocol, or any. */
  readonly less: (peers: Peers, protocol: Protocol) => Peers
  readonly covers: (wider: Peers, narrower: Peers) => boolean
  /** Sorted and disjoint, as in the normal form. */
  readonly ranges: ReadonlyMap<Protocol, readonly Grant[]>
  readonly names: ReadonlyMap<string, Peers>
}

function createGrantTable({ list }: Grants): GrantTable {
  let any: Peers = NOBODY
  const whole = new Map<Protocol, Peers>()
  const ranges = new Map<Protocol, Grant[]>()
  const names = new Map<string, Peers>()
  for (const grant of list) {
    const { ports, peers } = grant
    switch (ports.kind) {
      case 'any':
        any = peers
        break
      case 'protocol':
        whole.set(ports.protocol, unionPeers([any, peers]))
        break
      case 'range': {
        const known = ranges.get(ports.protocol)
        if (known === undefined) ranges.set(ports.protocol, [grant])
        else known.push(grant)
        break
      }
      case 'name':
        names.set(`${ports.protocol} ${ports.name}`, peers)
    }
  }
  const withoutAny = remember(createWithout(any))
  const withoutWhole = new Map([...whole].map(([protocol, peers]) => [protocol, remember(createWithout(peers))]))
  const coverers = remember((wider: Peers) => remember((narrower: Peers) => peersCover(wider, narrower)))
  return {
    any,
    less: (peers, protocol) => (withoutWhole.get(protocol) ?? withoutAny)(peers),
    covers: (wider, narrower) => coverers(wider)(narrower),
    ranges,
    names,
  }
}

function grantCovered(table: GrantTable, { ports, peers }: Grant): boolean {
  if (ports.kind === 'any') return peersCover(table.any, peers)
  const rest = table.less(peers, ports.protocol)
  if (peersSize(rest) === 0) return true
  switch (ports.kind) {
    case 'protocol':
      return false
    case 'range':
      return rangeCovered(table.ranges.get(ports.protocol) ?? [], ports.from, ports.to, rest, table.covers)
    case 'name':
      return table.covers(table.names.get(`${ports.protocol} ${ports.name}`) ?? NOBODY, rest)
  }
}

/** Each port of the interval must stand in some range whose peers have all of these. */
function rangeCovered(
  ranges: readonly Grant[],
  from: number,
  to: number,
  peers: Peers,
  covers: GrantTable['covers'],
): boolean {
  let next = from
  for (let index = firstEndingAt(ranges, from); next <= to; index += 1) {
    const range = ranges[index]
    if (range?.ports.kind !== 'range' || range.ports.from > next || !covers(range.peers, peers)) return false
    next = range.ports.to + 1
  }
  return true
}

/** Grants on thousands of ports may all name the same thousands of peers: what was found for one of them is found for all. */
function remember<Result>(find: (peers: Peers) => Result): (peers: Peers) => Result {
  const known = new Map<Peers, Result>()
  return (peers) => {
    let found = known.get(peers)
    if (found === undefined) known.set(peers, (found = find(peers)))
    return found
  }
}
