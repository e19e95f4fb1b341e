/** A stream of choices from one whole number (mulberry32), for transformations that must be repeatable. */
export interface Choices {
  /** True once in `times`. */
  readonly once: (times: number) => boolean
  readonly pick: <T>(items: readonly [T, ...T[]]) => T
  readonly shuffle: <T>(items: readonly T[]) => readonly T[]
  /** Shuffled, with some items twice. */
  readonly repeat: <T>(items: readonly T[]) => readonly T[]
}

export function choicesFrom(seed: number): Choices {
  let state = seed | 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  const once = (times: number): boolean => below(times) === 0
  const shuffle = <T>(items: readonly T[]): readonly T[] =>
    items
      .map((item) => ({ item, at: below(1 << 20) }))
      .toSorted((left, right) => left.at - right.at)
      .map(({ item }) => item)
  const repeat = <T>(items: readonly T[]): readonly T[] =>
    shuffle(items.flatMap((item) => (once(4) ? [item, item] : [item])))
  const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0]
  return { once, pick, shuffle, repeat }
}
