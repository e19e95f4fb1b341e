import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FoldedFlows } from '../../compiler/flows/seen-flow.ts'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { type Fate, KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import { createPortCount, type PortCount } from './count-ports.ts'

/** What was folded of each source: a row instead of its flows. */
export interface FoldedBook {
  /** Flows that are taken out of the kernel's sets; returns the sources that are new among them. */
  add(flows: readonly FlowRecord[]): readonly string[]
  rows(fate: Fate): readonly FoldedFlows[]
}

/** Of one source no more addresses are told apart than so many. */
const MOST_ADDRESSES = 4096
/** The oldest goes for the next. */
const MOST_SOURCES = 256

interface Folded {
  readonly fate: Fate
  readonly source: string
  readonly ports: PortCount
  readonly addresses: Set<string>
  readonly firstAt: number
  flows: number
  packets: number
  lastAt: number
}

/** `now`: milliseconds of a clock that never jumps. Bounded, whatever comes. */
export function createFoldedBook(node: string, now: () => number): FoldedBook {
  const sources = new Map<string, Folded>()

  function foldedOf(fate: Fate, source: string, firstAt: number): Folded {
    const key = `${fate} ${source}`
    const known = sources.get(key)
    const counted = { flows: 0, packets: 0, lastAt: firstAt }
    const folded = known ?? { fate, source, ports: createPortCount(), addresses: new Set(), firstAt, ...counted }
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
        folded.ports.add(carries)
        if (folded.addresses.size < MOST_ADDRESSES) folded.addresses.add(formatAddress(destination))
      }
      forgetOld()
      return [...sources.entries()].flatMap(([key, { source }]) => (before.has(key) ? [] : [source]))
    },
    rows(fate) {
      forgetOld()
      return [...sources.values()]
        .filter((folded) => folded.fate === fate)
        .map(({ source, flows, ports, addresses, packets, firstAt, lastAt }) => ({
          node,
          fate,
          source,
          flows,
          ports: ports.count,
          addresses: addresses.size,
          packets,
          lastAge: Math.round((now() - lastAt) / 1000),
          firstAge: Math.round((now() - firstAt) / 1000),
        }))
    },
  }
}
