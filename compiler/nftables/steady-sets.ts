import { isEndpointRangesName, isEndpointsName } from './names.ts'
import { hasOverlaps } from './overlapping-ranges.ts'
import type { ReadSets } from './reached-sets.ts'
import type { ElementChange } from './ruleset.ts'

/**
 * Less the sets that need no care beside rewritten chains. An element of a set of endpoints is a whole grant: address, protocol and
 * port. Where all chains that read such a set read it before and after, what comes to it is granted after and what goes was
 * granted before, whatever their other rules do. So it grows before the swap and shrinks after it. Not where ranges are
 * cut anew: there something that stays granted is gone for an instant.
 */
export function withoutSteady(
  { before, after, moved }: ReadSets,
  elements: ReadonlyMap<string, ElementChange>,
): ReadSets {
  const isSteady = (name: string): boolean => {
    const change = elements.get(name)
    if (change === undefined || moved.has(name)) return false
    return isEndpointRangesName(name) ? !hasOverlaps(change) : isEndpointsName(name)
  }
  const rest = (names: ReadonlySet<string>) => new Set([...names].filter((name) => !isSteady(name)))
  return { before: rest(before), after: rest(after), moved }
}
