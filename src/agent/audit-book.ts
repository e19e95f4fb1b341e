import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { countedSince } from '../../compiler/flows/counted-since.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { AskedFlow } from '../kernel/read-would.ts'

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
  /** False: there was no room for all, and what was seen longest ago is forgotten. */
  take(flows: readonly AskedFlow[]): boolean
  flows(): readonly KeptFlow[]
  /** The kernel's sets are new: what it counts there comes to what is kept. */
  setsAreNew(): void
  clear(): void
}

/** Some megabytes. */
const MOST_KEPT = 16_384

/** `now`: milliseconds of a clock that never jumps. A flow whose address went to another pod meanwhile is another one. */
export function createAuditBook(now: () => number, ownerOf: (address: string) => Pod | undefined): AuditBook {
  const kept = new Map<string, KeptFlow>()
  /** As the kernel counted it when it was last read: what it counts beyond is new. */
  let counted = new Map<string, number>()

  /** Half of it, so that this is rare: pods come and go for ever, and each has rows of its own. */
  function forgetHalf(): void {
    const oldestFirst = [...kept].sort(([, left], [, right]) => left.lastAt - right.lastAt)
    for (const [key] of oldestFirst.slice(0, MOST_KEPT / 2)) kept.delete(key)
  }

  return {
    take(flows) {
      let hasRoom = true
      const countedNow = new Map<string, number>()
      for (const { age, ...flow } of flows) {
        const { source, destination, carries, direction, directed } = flow
        const ends = [formatAddress(source), formatAddress(destination)]
        const key = [...ends, ...Object.values(carries), direction, directed].join(' ')
        countedNow.set(key, flow.packets)
        const packets = countedSince(counted.get(key), flow.packets)
        if (packets === 0) continue
        const [from, to] = ends.map(ownerOf)
        const keptKey = [key, ...[from, to].map((pod) => (pod === undefined ? '' : `${podKey(pod)} ${pod.uid}`))].join(
          ' ',
        )
        const known = kept.get(keptKey)
        if (known === undefined && kept.size >= MOST_KEPT) {
          hasRoom = false
          forgetHalf()
        }
        const lastAt = now() - age * 1000
        const firstAt = known?.firstAt ?? lastAt
        kept.set(keptKey, { ...flow, packets: (known?.packets ?? 0) + packets, from, to, lastAt, firstAt })
      }
      counted = countedNow
      return hasRoom
    },
    flows: () => [...kept.values()],
    setsAreNew() {
      counted = new Map()
    },
    clear() {
      kept.clear()
      counted = new Map()
    },
  }
}
