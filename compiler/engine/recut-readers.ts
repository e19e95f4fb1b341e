import { recutSets } from '../nftables/overlapping-ranges.ts'
import type { RulesetChange } from '../nftables/ruleset.ts'
import type { IsolationChanges, IsolationTable } from './isolation-table.ts'

/**
 * Chains that stay as they are while ranges of ports are cut anew in a set that they read. They go round by a copy, as if they
 * were rewritten: until the new ranges are there a packet would find neither.
 */
export function recutReaders(
  elements: RulesetChange['elements'],
  { createdChains, rewrittenChains }: IsolationChanges,
  isolation: Pick<IsolationTable, 'readersOf'>,
): RulesetChange['rewrittenChains'] {
  const recut = recutSets(elements)
  if (recut.size === 0) return []
  const known = new Set([...createdChains, ...rewrittenChains.map(({ after }) => after)].map(({ name }) => name))
  const readers = isolation.readersOf(recut).filter(({ name }) => !known.has(name))
  return readers.map((chain) => ({ before: chain, after: chain }))
}
