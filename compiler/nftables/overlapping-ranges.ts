import { isEndpointRangesName } from './names.ts'
import type { ElementChange, RulesetChange } from './ruleset.ts'

/** The sets in which ranges of ports are cut anew. */
export function recutSets(elements: RulesetChange['elements']): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [name, change] of elements) if (isEndpointRangesName(name) && hasOverlaps(change)) names.add(name)
  return names
}

/**
 * Does something that comes to an interval set of endpoints overlap something that goes? Then ranges are cut anew, and the one
 * cannot come before the other has gone.
 */
export function hasOverlaps({ added, removed }: ElementChange): boolean {
  if (added.length === 0 || removed.length === 0) return false
  const standing = new Map<string, { readonly from: number; readonly to: number }[]>()
  for (const { key, ...ports } of removed.map(portsOf)) {
    const list = standing.get(key)
    if (list === undefined) standing.set(key, [ports])
    else list.push(ports)
  }
  return added
    .map(portsOf)
    .some(({ key, from, to }) => standing.get(key)?.some((other) => from <= other.to && other.from <= to))
}

/** `address . protocol`, and the ends of the range of ports. */
function portsOf(element: string): { readonly key: string; readonly from: number; readonly to: number } {
  const at = element.lastIndexOf(' . ')
  const [from = NaN, to = from] = element
    .slice(at + 3)
    .split('-')
    .map(Number)
  return { key: element.slice(0, at), from, to }
}
