import { highestGeneration } from '../../compiler/nftables/options.ts'

export interface Allocation {
  /** From 1 to the highest that the mask holds. */
  readonly generation: number
  /**
   * False: live flows could not be asked, or carry every number there is. One that carries this number keeps a right that
   * was taken from it until it ends.
   */
  readonly certain: boolean
}

/** Numbers for the conntrack mark, none of which a live flow carries. Kept in memory only: the kernel knows the rest. */
export interface Generations {
  /** The number after `current` (undefined: there is no table). Not to be called again before it resolves. */
  next(current: number | undefined): Promise<Allocation>
  /** Somebody else may have given out numbers (the table was lost or replaced): ask live flows before the next one. */
  forget(): void
}

export interface GenerationsOptions {
  readonly markMask: number
  /** Which numbers live flows carry; `generationsInUse`. */
  readonly inUse: () => Promise<ReadonlySet<number> | 'unknown'>
  /** Default Math.random: where to begin when nothing is known. */
  readonly random?: () => number
}

/**
 * Live flows are asked at the first call, after `forget`, and when all numbers have been given out since. In between that
 * is not needed: a flow's number changes to the current one only, and each of those came from here.
 */
export function createGenerations({ markMask, inUse, random = Math.random }: GenerationsOptions): Generations {
  const highest = highestGeneration(markMask)
  const given = new Set<number>()
  let carried: ReadonlySet<number> | 'unknown' | undefined

  const firstFree = (start: number): number | undefined => {
    for (let step = 0; step < highest; step += 1) {
      const candidate = ((start - 1 + step) % highest) + 1
      if (!given.has(candidate) && !(carried instanceof Set && carried.has(candidate))) return candidate
    }
    return undefined
  }

  const ask = async (current: number | undefined): Promise<void> => {
    given.clear()
    // Marked from now on, until the next number is in force, and by packets on their way a little longer.
    if (current !== undefined) given.add(current)
    carried = await inUse()
  }

  return {
    async next(current) {
      const asked = carried === undefined
      if (asked) await ask(current)
      // Random where nothing is known, since two starts are not to agree; else the number that was used longest ago.
      const start = current ?? (carried === 'unknown' ? Math.floor(random() * highest) : 0)
      let generation = firstFree(start + 1)
      if (generation === undefined && !asked) {
        await ask(current)
        generation = firstFree(start + 1)
      }
      const certain = generation !== undefined && carried !== 'unknown'
      generation ??= (start % highest) + 1
      given.add(generation)
      return { generation, certain }
    },
    forget() {
      carried = undefined
    },
  }
}
