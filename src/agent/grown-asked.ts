import { countedSince } from '../../compiler/flows/counted-since.ts'
import { KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
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

interface Counted {
  readonly packets: number
  /** Milliseconds of the clock. */
  readonly lastAt: number
}

const KEPT_MILLISECONDS = KEPT_SECONDS['would ingress'] * 1000

/** Remembers what the kernel does. `now`: milliseconds of a clock that never jumps. */
export function createAskedGrowth(now: () => number): AskedGrowth {
  let counted = new Map<string, Counted>()
  return {
    take(flows) {
      const before = counted
      counted = new Map()
      return flows.flatMap((flow) => {
        const key = `${recordKey(flow)} ${flow.direction}`
        const next = { packets: flow.packets, lastAt: now() - flow.age * 1000 }
        const known = before.get(key)
        counted.set(key, next)
        const more = countedSince(known && !isForgotten(known, next) ? known.packets : undefined, flow.packets)
        return more === 0 ? [] : [{ flow, key, more }]
      })
    },
    setsAreNew() {
      counted = new Map()
    },
  }
}

/**
 * Has the kernel forgotten it meanwhile, and counted it from nothing? Sets are read when something new is in them, so that nobody may
 * have seen it gone. What has as many packets as before is as old as before, or another one; ages are some seconds wrong.
 */
function isForgotten(before: Counted, after: Counted): boolean {
  const silence = after.lastAt - before.lastAt
  return silence > (after.packets === before.packets ? KEPT_MILLISECONDS / 2 : KEPT_MILLISECONDS)
}
