import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AskedFlow } from '../kernel/read-would.ts'
import type { AddressHistory } from './address-history.ts'
import type { GrownAsked } from './grown-asked.ts'
import { ownerKey } from './owner-key.ts'

/** A flow of the book, with whose its ends were when it was read. */
export interface KeptFlow extends Omit<AskedFlow, 'age'> {
  readonly from: Pod | undefined
  readonly to: Pod | undefined
  /** Milliseconds of the book's clock. */
  readonly lastAt: number
  readonly firstAt: number
}

/** What audited policies did not grant on this node, for as long as the agent runs: the kernel forgets it after an hour. */
export interface AuditBook {
  /** Adds what is new, and says what it cannot tell. */
  take(grown: readonly GrownAsked[]): Untold
  flows(): readonly KeptFlow[]
  clear(): void
}

export interface Untold {
  /** There was no room for all, and what was seen longest ago is forgotten. */
  readonly forgot: boolean
  /** What came of addresses that were of audited pods, and nobody knows which: without its pod no policy would deny it. */
  readonly ofNobody: readonly { readonly packets: number; readonly lastAt: number }[]
}

/** Some megabytes. */
const MOST_KEPT = 16_384

/** `now`: milliseconds of a clock that never jumps. A flow whose address went to another pod meanwhile is another one. */
export function createAuditBook(now: () => number, { ownerAt }: Pick<AddressHistory, 'ownerAt'>): AuditBook {
  const kept = new Map<string, KeptFlow>()

  /** Half of it, so that this is rare: pods come and go for ever, and each has rows of its own. */
  function forgetHalf(): void {
    const oldestFirst = [...kept].sort(([, left], [, right]) => left.lastAt - right.lastAt)
    for (const [key] of oldestFirst.slice(0, MOST_KEPT / 2)) kept.delete(key)
  }

  return {
    take(grown) {
      let forgot = false
      const ofNobody: { packets: number; lastAt: number }[] = []
      for (const { flow: counted, key, more } of grown) {
        const { age, ...flow } = counted
        const lastAt = now() - age * 1000
        const [from, to] = [flow.source, flow.destination].map((end) => ownerAt(formatAddress(end), lastAt))
        if ((flow.direction === 'egress' ? from : to) === undefined) {
          ofNobody.push({ packets: more, lastAt })
          continue
        }
        const keptKey = [key, ...[from, to].map((pod) => (pod === undefined ? '' : ownerKey(pod)))].join(' ')
        const known = kept.get(keptKey)
        if (known === undefined && kept.size >= MOST_KEPT) {
          forgot = true
          forgetHalf()
        }
        const firstAt = known?.firstAt ?? lastAt
        kept.set(keptKey, { ...flow, packets: (known?.packets ?? 0) + more, from, to, lastAt, firstAt })
      }
      return { forgot, ofNobody }
    },
    flows: () => [...kept.values()],
    clear: () => kept.clear(),
  }
}
