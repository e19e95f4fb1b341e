import { type Json, member } from './read-rule.ts'

/** What the rules of each chain have counted, in packets, in their order; undefined for a rule that does not count. */
export type Counters = ReadonlyMap<string, readonly (number | undefined)[]>

/** Reads them from what `nft -j list table` printed, terse or not. */
export function readCounters(listing: unknown): Counters {
  const objects = member(listing as Json, 'nftables')
  const chains = new Map<string, (number | undefined)[]>()
  for (const object of Array.isArray(objects) ? objects : []) {
    const rule = member(object, 'rule')
    const [chain, expressions] = [member(rule, 'chain'), member(rule, 'expr')]
    if (typeof chain !== 'string' || !Array.isArray(expressions)) continue
    const counts = chains.get(chain) ?? []
    chains.set(chain, counts)
    const packets = expressions.map((one) => member(member(one, 'counter'), 'packets'))
    counts.push(packets.find((count) => typeof count === 'number'))
  }
  return chains
}
