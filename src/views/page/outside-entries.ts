import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { AddressRange } from '../../../compiler/addresses/range.ts'
import { intersectRanges } from '../../../compiler/addresses/ranges.ts'
import type { Direction } from '../../../compiler/objects/direction.ts'
import { rangeOfFamily } from '../../../compiler/addresses/block-range.ts'
import type { Reach } from '../../../compiler/reach/create-reach.ts'
import { cidrsOf } from '../../../compiler/reach/outside-reach.ts'
import {
  intersectPortSets,
  isNoPort,
  type PortSet,
  portTexts,
  unionPortSets,
} from '../../../compiler/reach/port-set.ts'
import { portsText } from '../edge-lines.ts'
import { outsideText } from '../outside-text.ts'
import type { KnownRule, KnownRules } from './all-rules.ts'
import type { PageClass } from './page-classes.ts'
import { rulePorts } from './rule-ports.ts'

/** Addresses that no pod has, what passes, and the rules that say so, by position. */
export interface OutsideEntry {
  readonly addresses: string
  readonly text: string
  readonly ports: PortSet
  readonly rules: readonly number[]
}

/** What the rules of one direction say about addresses outside; nothing where it is open, for then there is no rule. */
export function outsideEntries(
  reach: Reach,
  known: KnownRules,
  { members: [pod], isolatedBy }: PageClass,
  direction: Direction,
): readonly OutsideEntry[] {
  if (pod === undefined || pod[direction] === 'open') return []
  const own = isolatedBy[direction].flatMap((policy) =>
    known.rules.flatMap((one, index) =>
      one.policy === policy && one.direction === direction ? [{ ...one, index }] : [],
    ),
  )
  const entries = FAMILIES.flatMap((family) =>
    reach.outside(pod, direction, family).flatMap(({ ports, ranges }) => {
      const cidrs = cidrsOf(ranges, family, reach.owned[family])
      if (cidrs.length === 0) return []
      const rules = own.filter(
        (one) =>
          intersectRanges(rangesOf(one, family), ranges).length > 0 &&
          !isNoPort(intersectPortSets(rulePorts(one.rule, direction === 'ingress' ? pod.pod.ports : undefined), ports)),
      )
      return [{ addresses: outsideText(cidrs), ports, rules: rules.map(({ index }) => index) }]
    }),
  )
  return joined(entries)
}

function rangesOf({ peers }: KnownRule, family: Family): readonly AddressRange[] {
  return peers.kind === 'anyone' ? [rangeOfFamily(family)] : peers.ranges[family]
}

/** One entry for the same addresses, in their order. */
function joined(entries: readonly Omit<OutsideEntry, 'text'>[]): readonly OutsideEntry[] {
  const byAddresses = Map.groupBy(entries, ({ addresses }) => addresses)
  return [...byAddresses].map(([addresses, same]) => {
    const ports = unionPortSets(same.map((one) => one.ports))
    const rules = [...new Set(same.flatMap((one) => one.rules))].sort((left, right) => left - right)
    const edges = portTexts(ports).map((text) => ({ from: '', to: '', ...text }))
    return { addresses, text: portsText(edges), ports, rules }
  })
}
