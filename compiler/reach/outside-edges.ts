import type { Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import type { Direction } from '../objects/direction.ts'
import type { Edge } from './edge.ts'
import { cidrsOf, type OutsideReach } from './outside-reach.ts'
import { portTexts } from './port-set.ts'

/** The edges between a node and addresses outside, of one direction and family. */
export function outsideEdges(
  id: string,
  direction: Direction,
  family: Family,
  list: readonly OutsideReach[],
  owned: readonly AddressRange[],
): readonly Edge[] {
  return list.flatMap(({ ports, ranges }) =>
    cidrsOf(ranges, family, owned).flatMap((cidr) => {
      const ends = direction === 'egress' ? { from: id, to: cidr } : { from: cidr, to: id }
      return portTexts(ports).map((text) => ({ ...ends, ...text }))
    }),
  )
}
