import { FAMILIES, type Family } from '../addresses/address.ts'
import { rangeOfFamily } from '../addresses/block-range.ts'
import { rangesCover } from '../addresses/ranges.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { cidrsOf } from '../reach/outside-reach.ts'
import { isNoPort, type PortSet, subtractPortSets } from '../reach/port-set.ts'
import type { World } from './world.ts'

export interface BlockPorts {
  readonly blocks: readonly string[]
  readonly ports: PortSet
}

/** Addresses of nobody, as CIDRs; `outside` where it is all of them. */
export function blocksOf({ reach }: World, pod: GraphPod, direction: Direction): readonly BlockPorts[] {
  const own = FAMILIES.filter((family) => reach.outside(pod, direction, family).length > 0)
  const isAll = (family: Family) =>
    reach.outside(pod, direction, family).filter(({ ranges }) => rangesCover(ranges, [rangeOfFamily(family)]))
  const whole = own.length > 0 ? own.map((family) => isAll(family).map(({ ports }) => ports)) : []
  const [first = [], ...others] = whole
  const everywhere = first.filter((ports) =>
    others.every((list) => list.some((one) => isNoPort(subtractPortSets(ports, one)))),
  )
  const usual = everywhere.map((ports) => ({ blocks: ['outside'], ports }))
  const some = own.flatMap((family) =>
    reach.outside(pod, direction, family).flatMap(({ ports, ranges }): readonly BlockPorts[] => {
      const rest = everywhere.reduce(subtractPortSets, ports)
      const blocks = isNoPort(rest) ? [] : cidrsOf(ranges, family, reach.owned[family])
      return blocks.length === 0 ? [] : [{ blocks, ports: rest }]
    }),
  )
  return [...usual, ...some]
}
