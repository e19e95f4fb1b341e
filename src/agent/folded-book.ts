import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { type Fate, KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AddressHistory } from './address-history.ts'
import { createPortCount, type PortCount } from './count-ports.ts'
import { ownerKey } from './owner-key.ts'

/** What was folded of one source. */
export interface FoldedRow {
  readonly fate: Fate
  readonly source: string
  /** Whose the address was. */
  readonly from: Pod | undefined
  readonly flows: number
  readonly ports: number
  readonly addresses: number
  readonly packets: number
  /** Milliseconds of the book's clock. */
  readonly firstAt: number
  readonly lastAt: number
}

/** What was folded of each source: a row instead of its flows. */
export interface FoldedBook {
  /** Flows that are taken out of the kernel's sets; returns the sources that are new among them. */
  add(flows: readonly FlowRecord[]): readonly Pick<FoldedRow, 'source' | 'from'>[]
  rows(fate: Fate): readonly FoldedRow[]
}

/** Of one source no more addresses are told apart than so many. */
const MOST_ADDRESSES = 4096
/** The oldest goes for the next. */
const MOST_SOURCES = 256

interface Folded {
  readonly fate: Fate
  readonly source: string
  readonly from: Pod | undefined
  readonly ports: PortCount
  readonly addresses: Set<string>
  firstAt: number
  flows: number
  packets: number
  lastAt: number
}

/** `now`: milliseconds of a clock that never jumps. Bounded, whatever comes. */
export function createFoldedBook(now: () => number, { ownerAt }: Pick<AddressHistory, 'ownerAt'>): FoldedBook {
  const sources = new Map<string, Folded>()

  function foldedOf(fate: Fate, source: string, firstAt: number): Folded {
    const from = ownerAt(source, firstAt)
    const key = `${fate} ${source} ${from === undefined ? '' : ownerKey(from)}`
    const known = sources.get(key)
    const counted = { flows: 0, packets: 0, lastAt: firstAt }
    const folded = known ?? { fate, source, from, ports: createPortCount(), addresses: new Set(), firstAt, ...counted }
    // Behind all others: the first of the map is the one that has been quiet for the longest.
    sources.delete(key)
    sources.set(key, folded)
    return folded
  }

  function forgetOld(): void {
    for (const [key, { fate, lastAt }] of sources) {
      if (now() - lastAt > KEPT_SECONDS[fate] * 1000 || sources.size > MOST_SOURCES) sources.delete(key)
    }
  }

  return {
    add(flows) {
      const before = new Set(sources.keys())
      for (const { fate, source, destination, carries, packets, age } of flows) {
        const at = now() - age * 1000
        const folded = foldedOf(fate, formatAddress(source), at)
        folded.flows += 1
        folded.packets += packets
        folded.lastAt = Math.max(folded.lastAt, at)
        folded.firstAt = Math.min(folded.firstAt, at)
        folded.ports.add(carries)
        if (folded.addresses.size < MOST_ADDRESSES) folded.addresses.add(formatAddress(destination))
      }
      forgetOld()
      return [...sources.entries()].flatMap(([key, { source, from }]) => (before.has(key) ? [] : [{ source, from }]))
    },
    rows(fate) {
      forgetOld()
      return [...sources.values()]
        .filter((folded) => folded.fate === fate)
        .map(({ ports, addresses, ...row }) => ({ ...row, ports: ports.count, addresses: addresses.size }))
    },
  }
}
