import { countedSince } from '../../compiler/flows/counted-since.ts'
import type { AskedFlow } from '../kernel/read-would.ts'
import { recordKey } from './record-key.ts'

/** A flow of which the kernel has counted more than when it was read before. */
export interface GrownAsked {
  readonly flow: AskedFlow
  /** Equal for the same flow and direction at every reading. */
  readonly key: string
  /** Packets that are new. */
  readonly more: number
}

/** What is new in the sets of audited policies from reading to reading. */
export interface AskedGrowth {
  take(flows: readonly AskedFlow[]): readonly GrownAsked[]
  /** The kernel's sets have begun anew: all that they count is new. */
  setsAreNew(): void
}

/** Remembers what the kernel does. */
export function createAskedGrowth(): AskedGrowth {
  let counted = new Map<string, number>()
  return {
    take(flows) {
      const before = counted
      counted = new Map()
      return flows.flatMap((flow) => {
        const key = `${recordKey(flow)} ${flow.direction}`
        counted.set(key, flow.packets)
        const more = countedSince(before.get(key), flow.packets)
        return more === 0 ? [] : [{ flow, key, more }]
      })
    },
    setsAreNew() {
      counted = new Map()
    },
  }
}
