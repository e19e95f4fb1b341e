import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numRuns } from '../support/runs.ts'

/** The functions under test, for one kind of interval; plain numbers here, whatever the values are there. */
export interface IntervalSubject<Interval> {
  readonly interval: (first: number, last: number) => Interval
  readonly ends: (interval: Interval) => readonly [first: number, last: number]
  readonly normalize: (intervals: readonly Interval[]) => readonly Interval[]
  readonly union: (left: readonly Interval[], right: readonly Interval[]) => readonly Interval[]
  readonly subtract: (from: readonly Interval[], holes: readonly Interval[]) => readonly Interval[]
  readonly contain: (intervals: readonly Interval[], value: number) => boolean
  readonly cover: (outer: readonly Interval[], inner: readonly Interval[]) => boolean
}

/** Few enough that random intervals touch, nest and repeat all the time. */
export const UNIVERSE = Array.from({ length: 40 }, (_, value) => value)

type Ends = readonly [number, number]

/** Lists of intervals of the universe in any order, overlapping and adjacent as they come. */
export const anyIntervals: fc.Arbitrary<readonly Ends[]> = fc.array(
  fc
    .tuple(fc.constantFrom(...UNIVERSE), fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 15 })))
    .map(([first, more]): Ends => [first, Math.min(first + more, UNIVERSE.length - 1)]),
  { maxLength: 8 },
)

/** The members of a list of intervals, found by asking each interval about each value. */
export function membersOf(intervals: readonly Ends[]): readonly number[] {
  return UNIVERSE.filter((value) => intervals.some(([first, last]) => first <= value && value <= last))
}

export function expectNormal(intervals: readonly Ends[]): void {
  for (const [index, [first, last]] of intervals.entries()) {
    expect(first).toBeLessThanOrEqual(last)
    if (index > 0) expect(first).toBeGreaterThan(intervals[index - 1]![1] + 1)
  }
}

/** The laws of sets, by brute force over the universe; every result in normal form. */
export function testIntervalLaws<Interval>(subject: IntervalSubject<Interval>): void {
  const build = (list: readonly Ends[]) => list.map(([first, last]) => subject.interval(first, last))
  const set = anyIntervals.map((list) => subject.normalize(build(list)))
  const members = (intervals: readonly Interval[]) => membersOf(intervals.map(subject.ends))
  const expectSet = (actual: readonly Interval[], expected: readonly number[]) => {
    expectNormal(actual.map(subject.ends))
    expect(members(actual)).toEqual(expected)
  }
  const law = <Values extends [unknown, ...unknown[]]>(
    arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
    check: (...values: Values) => void,
  ) => {
    // The braces matter: a property that returns what expect() returns counts as false.
    const property = fc.property(...arbitraries, (...values) => {
      check(...values)
    })
    fc.assert(property, { numRuns: numRuns(500) })
  }

  test('the normal form keeps the members', () => {
    law([anyIntervals], (list) => expectSet(subject.normalize(build(list)), membersOf(list)))
  })

  test('the normal form is one: equal members give equal lists, whatever the order, overlaps and seams', () => {
    law([anyIntervals], (list) => {
      const single = membersOf(list).map((value): Ends => [value, value])
      expect(subject.normalize(build(single.toReversed()))).toEqual(subject.normalize(build(list)))
    })
  })

  test('the normal form is idempotent', () => {
    law([set], (a) => expect(subject.normalize(a)).toEqual(a))
  })

  test('normalising changes no list that it is given', () => {
    law([anyIntervals], (list) => {
      const given = build(list)
      subject.normalize(given)
      expect(given).toEqual(build(list))
    })
  })

  test('an interval that ends before it starts is a bug', () => {
    expect(() => subject.normalize([subject.interval(2, 1)])).toThrow(RangeError)
  })

  test('union has the members of either', () => {
    law([set, set], (a, b) => {
      const expected = UNIVERSE.filter((value) => members(a).includes(value) || members(b).includes(value))
      expectSet(subject.union(a, b), expected)
    })
  })

  test('union is commutative, associative and idempotent', () => {
    law([set, set, set], (a, b, c) => {
      expect(subject.union(a, b)).toEqual(subject.union(b, a))
      expect(subject.union(subject.union(a, b), c)).toEqual(subject.union(a, subject.union(b, c)))
      expect(subject.union(a, a)).toEqual(a)
    })
  })

  test('subtract has the members of the first that the second lacks', () => {
    law([set, set], (a, b) => {
      expectSet(
        subject.subtract(a, b),
        members(a).filter((value) => !members(b).includes(value)),
      )
    })
  })

  test('subtract then union with what was taken is the union', () => {
    law([set, set], (a, b) => expect(subject.union(subject.subtract(a, b), b)).toEqual(subject.union(a, b)))
  })

  test('a set minus itself is empty', () => {
    law([set], (a) => expect(subject.subtract(a, a)).toEqual([]))
  })

  test('contain agrees with membership for every value', () => {
    law([set], (a) => expect(UNIVERSE.filter((value) => subject.contain(a, value))).toEqual(members(a)))
  })

  test('cover agrees with the subset relation', () => {
    law([set, set], (a, b) => {
      expect(subject.cover(a, b)).toBe(members(b).every((value) => members(a).includes(value)))
      expect(subject.cover(subject.union(a, b), b)).toBe(true)
    })
  })
}
