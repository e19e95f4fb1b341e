import type { Family } from '../../addresses/address.ts'
import { blockRange } from '../../addresses/block-range.ts'
import { formatBlock } from '../../addresses/format-block.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import { normalizeRanges, subtractRanges } from '../../addresses/ranges.ts'
import type { BlockPeer } from '../../objects/objects.ts'
import { podName } from '../../objects/pod-name.ts'
import type { AddressRange } from '../../addresses/range.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Addresses of pods change; a block that holds some of them grants to whoever gets such an address next. */
export const blockOverPods: LintRule = {
  name: 'block-over-pods',
  severity: 'note',
  summary: 'An ipBlock holds addresses of pods',
  check(input) {
    const ownersIn = createOwnersIn(input)
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) =>
      (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) => {
        if (peer.kind !== 'block' || isEverybody(peer)) return []
        const ranges = subtractRanges([blockRange(peer.block)], normalizeRanges(peer.excepts.map(blockRange)))
        const inside = ownersIn(peer.block.family, ranges)
        const [some] = inside
        if (some === undefined) return []
        const first = inside.reduce((left, right) => (right.position < left.position ? right : left), some)
        const others = inside.length > 1 ? ` and ${inside.length - 1} more` : ''
        const message = `ipBlock ${formatBlock(peer.block)} holds addresses of pods: ${first.name}${others}`
        const hint = 'select pods by labels, and except the pods’ range if only addresses outside are meant'
        return [remarkOn(policy, { direction, rule }, message, hint)]
      }),
    )
  },
}

/** Whoever writes a whole family without excepts means pods as well. */
function isEverybody({ block, excepts }: BlockPeer): boolean {
  return block.prefix === 0 && excepts.length === 0
}

interface Owner {
  readonly value: bigint
  readonly name: string
  /** Among the owners of all addresses. */
  readonly position: number
}

/** Sorted by their addresses: a block finds those inside without asking the others. */
function createOwnersIn({ cluster }: LintInput): (family: Family, ranges: readonly AddressRange[]) => readonly Owner[] {
  const sorted: Record<Family, Owner[]> = { IPv4: [], IPv6: [] }
  for (const [position, [text, { pod }]] of [...cluster.graph.owners].entries()) {
    const address = parseAddress(text)
    if (address !== undefined) sorted[address.family].push({ value: address.value, name: podName(pod), position })
  }
  for (const owners of Object.values(sorted)) owners.sort((left, right) => (left.value < right.value ? -1 : 1))
  return (family, ranges) =>
    ranges.flatMap(({ first, last }) => {
      const owners = sorted[family]
      return owners.slice(firstFrom(owners, first), firstFrom(owners, last + 1n))
    })
}

/** The position of the first owner at the address or behind it. */
function firstFrom(owners: readonly Owner[], value: bigint): number {
  let low = 0
  let high = owners.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((owners[middle]?.value ?? 0n) < value) low = middle + 1
    else high = middle
  }
  return low
}
