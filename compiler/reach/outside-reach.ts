import type { Family } from '../addresses/address.ts'
import { blockRange, rangeOfFamily } from '../addresses/block-range.ts'
import { coverRange } from '../addresses/cover-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import type { AddressRange } from '../addresses/range.ts'
import { normalizeRanges, subtractRanges } from '../addresses/ranges.ts'
import type { Isolation } from '../graph/allow-graph.ts'
import type { GrantPorts } from '../graph/grants.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import { EVERY_PORT, type PortSet, portSetOfGrant } from './port-set.ts'

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
  return ranges.filter((range) => subtractRanges([range], owned).length > 0)
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

/** What the first allows and the second does not to addresses that no pod owns, as few entries as its ports have steps. */
export function subtractOutside(
  from: readonly OutsideReach[],
  holes: readonly OutsideReach[],
  owned: readonly AddressRange[],
): readonly OutsideReach[] {
  const other = withoutOwned(subtractRanges(rangesOfOther(from), rangesOfOther(holes)), owned)
  const result: OutsideReach[] = other.length === 0 ? [] : [{ ports: EVERY_PORT, ranges: other }]
  for (const protocol of PROTOCOLS) {
    let last: { from: number; to: number; readonly ranges: readonly AddressRange[] } | undefined
    for (const step of steps([...from, ...holes], protocol)) {
      const gone = subtractRanges(rangesAt(from, protocol, step.from), rangesAt(holes, protocol, step.from))
      // Where all protocols come or go, this one is no news.
      const ranges = withoutOwned(subtractRanges(gone, other), owned)
      if (last !== undefined && sameRanges(last.ranges, ranges)) last.to = step.to
      else {
        if (last !== undefined) push(result, protocol, last)
        last = { from: step.from, to: step.to, ranges }
      }
    }
    if (last !== undefined) push(result, protocol, last)
  }
  return result
}

function push(
  result: OutsideReach[],
  protocol: Protocol,
  { from, to, ranges }: { readonly from: number; readonly to: number; readonly ranges: readonly AddressRange[] },
): void {
  if (ranges.length === 0) return
  result.push({ ports: portSetOfGrant({ kind: 'range', protocol, from, to }, undefined), ranges })
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

function sameRanges(left: readonly AddressRange[], right: readonly AddressRange[]): boolean {
  return (
    left.length === right.length &&
    left.every((range, index) => range.first === right[index]?.first && range.last === right[index]?.last)
  )
}
