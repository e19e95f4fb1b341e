import { highestGeneration } from '../../compiler/nftables/options.ts'
import type { GenerationsInUse } from './generations-in-use.ts'

export interface Allocation {
  /** From 1 to the highest that the mask holds. */
  readonly generation: number
  /**
   * False: live flows could not be asked, or they carry every number there is. A flow that happens to carry this number
   * keeps a right that was taken from it, until it ends.
   */
  readonly certain: boolean
}

/** Numbers for the conntrack mark, none of which a live flow carries. Kept in memory only: the kernel knows the rest. */
export interface Generations {
  /** Asks live flows now, beside other work, so that `next` need not wait for it. */
  ask(): void
  /** Somebody else may have given out numbers: the next one is not chosen before live flows were asked again. */
  forget(): void
  /**
   * The number after `current`, the one that stands (undefined: no table does, or it has none). Not to be called again
   * before it resolves.
   */
  next(current: number | undefined): Promise<Allocation>
}

export interface GenerationsOptions {
  readonly markMask: number
  /** Which numbers live flows carry. */
  readonly inUse: () => Promise<GenerationsInUse>
  /** Default Math.random: where to begin when nothing is known. */
  readonly random?: () => number
}

/**
 * When live flows are asked: at the start, after `forget`, when every number has been given out since the last time, and
 * when `current` did not come from here or cannot be read, since then somebody else replaced the table. In between there is
 * no need: a flow only ever takes the number that stands, and each of those was given out here.
 */
export function createGenerations({ markMask, inUse, random = Math.random }: GenerationsOptions): Generations {
  const highest = highestGeneration(markMask)
  /** Given out since live flows were asked; the last one before that, and what stood then, too: flows may still get it. */
  const given = new Set<number>()
  let latest: number | undefined
  let answer: Promise<GenerationsInUse> | undefined

  const ask = (): void => {
    given.clear()
    if (latest !== undefined) given.add(latest)
    answer = inUse()
  }

  /** The answer to the last question, also where that is asked while we wait. */
  const live = async (): Promise<GenerationsInUse> => {
    if (answer === undefined) ask()
    const waitedFor = answer
    const found = await waitedFor
    return found === undefined || answer !== waitedFor ? live() : found
  }

  const firstFree = (start: number, carried: ReadonlySet<number>): number | undefined => {
    for (let step = 0; step < highest; step += 1) {
      const candidate = ((start - 1 + step) % highest) + 1
      if (!given.has(candidate) && !carried.has(candidate)) return candidate
    }
    return undefined
  }

  return {
    ask,
    forget() {
      answer = undefined
    },
    async next(current) {
      const isForeign = latest !== undefined && (current === undefined || !given.has(current))
      const isAsked = answer === undefined || isForeign
      if (isAsked) ask()
      let { carried, complete } = await live()
      // Marked from now on, until the next number is in force, and by packets on their way a little longer.
      if (current !== undefined) given.add(current)
      // Random where nothing is known, since two starts are not to agree; else the number that was used longest ago.
      const start = current ?? (complete ? 0 : Math.floor(random() * highest))
      let generation = firstFree(start + 1, carried)
      if (generation === undefined && !isAsked) {
        ask()
        ;({ carried, complete } = await live())
        if (current !== undefined) given.add(current)
        generation = firstFree(start + 1, carried)
      }
      const certain = generation !== undefined && complete
      generation ??= (start % highest) + 1
      given.add(generation)
      latest = generation
      return { generation, certain }
    },
  }
}
