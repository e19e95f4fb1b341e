import type { Family } from '../addresses/address.ts'
import { blockRange, rangeOfFamily } from '../addresses/block-range.ts'
import { coverRange } from '../addresses/cover-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import type { AddressRange } from '../addresses/range.ts'
import { intersectRanges, normalizeRanges, rangesCover, rangesKey, subtractRanges } from '../addresses/ranges.ts'
import type { Isolation } from '../graph/allow-graph.ts'
import type { GrantPorts } from '../graph/grants.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import { EVERY_PORT, ofProtocol, OTHER_PROTOCOLS, type PortSet, portSetOfGrant } from './port-set.ts'

/** These addresses, pods or not, on these ports. */
export interface OutsideReach {
  readonly ports: PortSet
  readonly ranges: readonly AddressRange[]
}

/** What one direction of a pod says about addresses that no pod owns, one entry a grant. */
export function outsideReach(isolation: Isolation, family: Family): readonly OutsideReach[] {
  if (isolation === 'open') return [{ ports: EVERY_PORT, ranges: [rangeOfFamily(family)] }]
  return isolation.list.flatMap(({ ports, peers }) => {
    // A port name stands for the pods that own it, wherever the rule says.
    if (ports.kind === 'name') return []
    const ranges = peers.kind === 'anyone' ? [rangeOfFamily(family)] : peers.ranges[family]
    return ranges.length === 0 ? [] : [{ ports: outsidePorts(ports), ranges }]
  })
}

function outsidePorts(ports: GrantPorts): PortSet {
  return portSetOfGrant(ports, undefined)
}

/** Without the ranges that consist of pods' addresses alone: pods go by name. */
function withoutOwned(ranges: readonly AddressRange[], owned: readonly AddressRange[]): readonly AddressRange[] {
  return ranges.filter((range) => !rangesCover(owned, [range]))
}

/** The CIDRs that together are exactly these ranges, less those that consist of pods' addresses alone. */
export function cidrsOf(
  ranges: readonly AddressRange[],
  family: Family,
  owned: readonly AddressRange[],
): readonly string[] {
  const blocks = ranges.flatMap((range) => coverRange(range, family))
  return blocks.filter((block) => withoutOwned([blockRange(block)], owned).length > 0).map(formatBlock)
}

/**
 * What `from` allows and `holes` does not, exactly, to addresses that no pod owns. Addresses for which every port is left
 * are one entry; the rest is split by port only where the addresses differ.
 */
export function subtractOutside(
  from: readonly OutsideReach[],
  holes: readonly OutsideReach[],
  owned: readonly AddressRange[],
): readonly OutsideReach[] {
  const pieces = [
    { ports: OTHER_PROTOCOLS, ranges: subtractRanges(rangesOfOther(from), rangesOfOther(holes)) },
    ...PROTOCOLS.flatMap((protocol) => piecesOf(from, holes, protocol)),
  ]
  const [first, ...rest] = pieces
  const all = rest.reduce<readonly AddressRange[]>(
    (ranges, piece) => intersectRanges(ranges, piece.ranges),
    first?.ranges ?? [],
  )
  return [
    { ports: EVERY_PORT, ranges: all },
    ...pieces.map(({ ports, ranges }) => ({ ports, ranges: subtractRanges(ranges, all) })),
  ].flatMap(({ ports, ranges }) => {
    const unowned = withoutOwned(ranges, owned)
    return unowned.length === 0 ? [] : [{ ports, ranges: unowned }]
  })
}

/** Every port of the protocol in one piece; neighbours of equal ranges are one. */
function piecesOf(
  from: readonly OutsideReach[],
  holes: readonly OutsideReach[],
  protocol: Protocol,
): readonly OutsideReach[] {
  const pieces: { from: number; to: number; readonly ranges: readonly AddressRange[] }[] = []
  for (const step of steps([...from, ...holes], protocol)) {
    const ranges = subtractRanges(rangesAt(from, protocol, step.from), rangesAt(holes, protocol, step.from))
    const last = pieces.at(-1)
    if (last !== undefined && rangesKey(last.ranges) === rangesKey(ranges)) last.to = step.to
    else pieces.push({ ...step, ranges })
  }
  return pieces.map(({ ranges, ...ports }) => ({ ports: ofProtocol(protocol, [ports]), ranges }))
}

function rangesOfOther(list: readonly OutsideReach[]): readonly AddressRange[] {
  return normalizeRanges(list.filter(({ ports }) => ports.other).flatMap(({ ranges }) => ranges))
}

function rangesAt(list: readonly OutsideReach[], protocol: Protocol, port: number): readonly AddressRange[] {
  const having = list.filter(({ ports }) => ports.ranges[protocol].some(({ from, to }) => from <= port && port <= to))
  return normalizeRanges(having.flatMap(({ ranges }) => ranges))
}

/** The port intervals inside which nothing changes. */
function steps(list: readonly OutsideReach[], protocol: Protocol): readonly { from: number; to: number }[] {
  const starts = new Set([0])
  for (const { ports } of list) {
    for (const { from, to } of ports.ranges[protocol]) {
      starts.add(from)
      if (to < 65535) starts.add(to + 1)
    }
  }
  const sorted = [...starts].sort((left, right) => left - right)
  return sorted.map((from, index) => ({ from, to: (sorted[index + 1] ?? 65536) - 1 }))
}
