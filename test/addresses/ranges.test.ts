import fc from 'fast-check'
import { IPv4, RangedSet } from 'ip-num'
import { describe, expect, test } from 'vitest'
import type { AddressRange } from '../../compiler/addresses/range.ts'
import {
  intersectRanges,
  normalizeRanges,
  rangesContain,
  rangesCover,
  rangesKey,
  subtractRanges,
  unionRanges,
} from '../../compiler/addresses/ranges.ts'
import { numRuns } from '../support/runs.ts'
import { valueOf } from './arbitraries.ts'
import { anyIntervals, expectNormal, membersOf, testIntervalLaws } from './interval-laws.ts'

function ends(range: AddressRange): readonly [number, number] {
  return [Number(range.first), Number(range.last)]
}

function interval(first: number, last: number): AddressRange {
  return { first: BigInt(first), last: BigInt(last) }
}

const set = anyIntervals.map((list) => normalizeRanges(list.map(([first, last]) => interval(first, last))))

function members(ranges: readonly AddressRange[]): readonly number[] {
  return membersOf(ranges.map(ends))
}

describe('sets of addresses', () => {
  testIntervalLaws<AddressRange>({
    interval,
    ends,
    normalize: normalizeRanges,
    union: unionRanges,
    subtract: subtractRanges,
    contain: (ranges, value) => rangesContain(ranges, BigInt(value)),
    cover: rangesCover,
  })

  test('intersect has the members of both, in normal form, and is commutative', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const both = intersectRanges(a, b)
        expectNormal(both.map(ends))
        expect(members(both)).toEqual(members(a).filter((value) => members(b).includes(value)))
        expect(intersectRanges(b, a)).toEqual(both)
      }),
      { numRuns: numRuns(500) },
    )
  })

  test('subtract then intersect is empty', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(intersectRanges(subtractRanges(a, b), b)).toEqual([])
      }),
      { numRuns: numRuns(500) },
    )
  })

  test('a set is what it shares with another and what it does not', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(unionRanges(intersectRanges(a, b), subtractRanges(a, b))).toEqual(a)
      }),
      { numRuns: numRuns(500) },
    )
  })

  test('two sets have one key exactly when they are equal', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(rangesKey(a) === rangesKey(b)).toBe(members(a).join() === members(b).join())
        expect(rangesKey(unionRanges(a, b))).toBe(rangesKey(unionRanges(b, a)))
      }),
      { numRuns: numRuns(500) },
    )
  })

  test('the key is stable text: names in the kernel depend on it', () => {
    expect(rangesKey([])).toBe('')
    expect(
      rangesKey([
        { first: 0n, last: 9n },
        { first: 0x0a000000n, last: 0x0affffffn },
      ]),
    ).toBe('0-9,a000000-affffff')
  })

  test('the ends of the address space need no value beyond them', () => {
    const all = [{ first: 0n, last: 2n ** 128n - 1n }]
    const ends = [
      { first: 0n, last: 0n },
      { first: 2n ** 128n - 1n, last: 2n ** 128n - 1n },
    ]
    const inner = [{ first: 1n, last: 2n ** 128n - 2n }]
    expect(subtractRanges(all, ends)).toEqual(inner)
    expect(subtractRanges(all, inner)).toEqual(ends)
    expect(unionRanges(inner, ends)).toEqual(all)
  })

  test('what ip-num leaves of a range without a part inside it is what subtract leaves', () => {
    const four = fc.array(valueOf('IPv4'), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(four, (values) => {
        const [a, b, c, d] = values.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0)) as [bigint, bigint, bigint, bigint]
        const whole = new RangedSet(IPv4.fromNumber(a), IPv4.fromNumber(d))
        const part = new RangedSet(IPv4.fromNumber(b), IPv4.fromNumber(c))
        const expected = whole
          .difference(part)
          .map((piece) => ({ first: piece.getFirst().getValue(), last: piece.getLast().getValue() }))
        expect(subtractRanges([{ first: a, last: d }], [{ first: b, last: c }])).toEqual(expected)
      }),
      { numRuns: numRuns(200) },
    )
  })
})
