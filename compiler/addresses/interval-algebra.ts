/** What the algebra has to know of a kind of interval: its two ends, both included, and the value before and after one. */
export interface IntervalKind<Value, Interval> {
  readonly first: (interval: Interval) => Value
  readonly last: (interval: Interval) => Value
  readonly interval: (first: Value, last: Value) => Interval
  readonly before: (value: Value) => Value
  readonly after: (value: Value) => Value
}

/** Sets of values as lists of intervals in normal form: sorted, disjoint, no two adjacent. Equal sets are equal lists. */
export interface IntervalAlgebra<Value, Interval> {
  /** The normal form of any list. An interval that ends before it starts is a bug of the caller and throws. */
  readonly normalize: (intervals: readonly Interval[]) => readonly Interval[]
  /** In this and what follows, sets come in normal form, and go out so. */
  readonly union: (left: readonly Interval[], right: readonly Interval[]) => readonly Interval[]
  readonly subtract: (from: readonly Interval[], holes: readonly Interval[]) => readonly Interval[]
  readonly intersect: (left: readonly Interval[], right: readonly Interval[]) => readonly Interval[]
  /** Whether the set has the value: a binary search. */
  readonly contain: (intervals: readonly Interval[], value: Value) => boolean
  /** Whether `outer` has every value of `inner`. */
  readonly cover: (outer: readonly Interval[], inner: readonly Interval[]) => boolean
}

/** One algebra for addresses (bigint) and ports (number). */
export function intervalAlgebra<Value extends bigint | number, Interval extends object>(
  kind: IntervalKind<Value, Interval>,
): IntervalAlgebra<Value, Interval> {
  const { first, last, interval, before, after } = kind

  function normalize(intervals: readonly Interval[]): readonly Interval[] {
    for (const one of intervals) {
      if (last(one) < first(one)) throw new RangeError(`interval ends before it starts: ${first(one)}-${last(one)}`)
    }
    return merge(intervals.toSorted((a, b) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0)))
  }

  /** Joins what overlaps or touches in a list sorted by first value. */
  function merge(sorted: readonly Interval[]): readonly Interval[] {
    const merged: Interval[] = []
    for (const next of sorted) {
      const current = merged.at(-1)
      // A copy of the ends alone: whatever else the given object carries is no part of the set.
      if (current === undefined || first(next) > after(last(current))) merged.push(interval(first(next), last(next)))
      else if (last(next) > last(current)) merged[merged.length - 1] = interval(first(current), last(next))
    }
    return merged
  }

  function union(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
    if (left.length === 0) return right
    if (right.length === 0) return left
    return normalize([...left, ...right])
  }

  function subtract(from: readonly Interval[], holes: readonly Interval[]): readonly Interval[] {
    const rest: Interval[] = []
    let position = 0
    for (const whole of from) {
      let start = first(whole)
      let hole = holes[position]
      while (hole !== undefined && last(hole) < start) hole = holes[++position]
      // A hole that reaches beyond this interval stays at `position`: it may cut the next one too.
      for (let index = position; hole !== undefined && first(hole) <= last(whole); hole = holes[++index]) {
        if (first(hole) > start) rest.push(interval(start, before(first(hole))))
        start = after(last(hole))
      }
      if (start <= last(whole)) rest.push(interval(start, last(whole)))
    }
    return rest
  }

  function intersect(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
    const common: Interval[] = []
    let [i, j] = [0, 0]
    let [a, b] = [left[i], right[j]]
    while (a !== undefined && b !== undefined) {
      const start = first(a) > first(b) ? first(a) : first(b)
      const end = last(a) < last(b) ? last(a) : last(b)
      if (start <= end) common.push(interval(start, end))
      if (last(a) < last(b)) a = left[++i]
      else b = right[++j]
    }
    return common
  }

  /** The last interval that starts at or before the value: the only one that can have it. */
  function find(intervals: readonly Interval[], value: Value): Interval | undefined {
    let low = 0
    let high = intervals.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = intervals[middle]
      if (candidate !== undefined && first(candidate) <= value) low = middle + 1
      else high = middle
    }
    return intervals[low - 1]
  }

  function contain(intervals: readonly Interval[], value: Value): boolean {
    const found = find(intervals, value)
    return found !== undefined && value <= last(found)
  }

  function cover(outer: readonly Interval[], inner: readonly Interval[]): boolean {
    // No two intervals of the normal form touch, so one of them must hold the whole of each inner interval.
    return inner.every((one) => {
      const found = find(outer, first(one))
      return found !== undefined && last(one) <= last(found)
    })
  }

  return { normalize, union, subtract, intersect, contain, cover }
}
