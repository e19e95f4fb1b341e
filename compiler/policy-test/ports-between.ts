import type { ReachNode } from '../reach/fold.ts'
import { EVERY_PORT, intersectPortSets, NO_PORT, type PortSet } from '../reach/port-set.ts'
import type { World } from './world.ts'

/** What passes in every family that both have. */
export function portsBetween(world: World, from: ReachNode, to: ReachNode): PortSet {
  const [source] = from.members
  const destination = from === to ? (to.members[1] ?? to.members[0]) : to.members[0]
  if (source === undefined || destination === undefined) return EVERY_PORT
  // A single pod has no way to itself; a workload that stands for several has.
  if (source === destination && source.pod.standIn !== true) return NO_PORT
  const sets = [...world.reach.between(source, destination).values()]
  const [first, ...others] = sets
  return first === undefined ? NO_PORT : others.reduce(intersectPortSets, first)
}
