import type { Fault } from '../fault.ts'

/** Blocks, excepts, families. */
export const ADDRESSES: readonly Fault[] = [
  {
    fault: 'excepts are ignored',
    law: 'graph is oracle',
    file: 'graph/rule-peers.ts',
    find: 'normalizeRanges(holes)',
    replace: '[]',
  },
  {
    fault: 'the address before an except is cut too late',
    law: 'graph is oracle',
    file: 'addresses/interval-algebra.ts',
    find: 'rest.push(interval(start, before(first(hole))))',
    replace: 'rest.push(interval(start, first(hole)))',
  },
  {
    fault: 'of nested blocks the inner one ends both',
    law: 'graph is oracle',
    file: 'addresses/interval-algebra.ts',
    find: 'else if (last(next) > last(current)) merged',
    replace: 'else merged',
  },
  {
    fault: 'a block lacks its last address',
    law: 'graph is oracle',
    file: 'addresses/block-range.ts',
    find: 'BigInt(addressWidth(block.family) - block.prefix)) - 1n }',
    replace: 'BigInt(addressWidth(block.family) - block.prefix)) - (block.prefix % 32 === 0 ? 1n : 2n) }',
  },
  {
    fault: 'the second family of a pod is dropped',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'if (sandbox === undefined) return pod.addresses',
    replace: 'if (sandbox === undefined) return pod.addresses.slice(0, 1)',
  },
]
