import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coverRange } from '../../compiler/addresses/cover-range.ts'
import { blockRange, rangeOfFamily } from '../../compiler/addresses/block-range.ts'
import { formatBlock } from '../../compiler/addresses/format-block.ts'
import { normalizeRanges } from '../../compiler/addresses/ranges.ts'
import { numRuns } from '../support/runs.ts'
import { familyRange } from './arbitraries.ts'

const SMALL = 64

/** The fewest aligned power-of-two blocks that make up first..last, by trying every one: for small numbers only. */
function fewest(first: number, last: number): number {
  const needed = Array<number>(last + 2).fill(Number.POSITIVE_INFINITY)
  needed[last + 1] = 0
  for (let start = last; start >= first; start--) {
    for (let size = 1; start % size === 0 && start + size - 1 <= last; size *= 2) {
      needed[start] = Math.min(needed[start]!, 1 + needed[start + size]!)
    }
  }
  return needed[first]!
}

describe('coverRange', () => {
  test('the private ranges of RFC 1918 written as ranges are the blocks that everyone knows', () => {
    const cover = coverRange({ first: 0xac100000n, last: 0xac1fffffn }, 'IPv4')
    expect(cover.map(formatBlock)).toEqual(['172.16.0.0/12'])
  })

  test('all but one address at each end takes the most blocks: 62 and 254', () => {
    expect(coverRange({ first: 1n, last: 2n ** 32n - 2n }, 'IPv4')).toHaveLength(62)
    expect(coverRange({ first: 1n, last: 2n ** 128n - 2n }, 'IPv6')).toHaveLength(254)
  })

  test('a whole family is one block', () => {
    expect(coverRange(rangeOfFamily('IPv4'), 'IPv4').map(formatBlock)).toEqual(['0.0.0.0/0'])
    expect(coverRange(rangeOfFamily('IPv6'), 'IPv6').map(formatBlock)).toEqual(['::/0'])
  })

  test.each([[{ first: 2n, last: 1n }], [{ first: -1n, last: 1n }], [{ first: 0n, last: 2n ** 32n }]])(
    'a range that is none of the family is a bug: %o',
    (range) => {
      expect(() => coverRange(range, 'IPv4')).toThrow(RangeError)
    },
  )

  test('cover is minimal: no other choice of blocks is shorter, for every range of a small universe', () => {
    for (let first = 0; first < SMALL; first++) {
      for (let last = first; last < SMALL; last++) {
        const cover = coverRange({ first: BigInt(first), last: BigInt(last) }, 'IPv4')
        expect(cover.length, `${first}-${last}`).toBe(fewest(first, last))
      }
    }
  })

  test('cover is exact: its blocks follow one another from first to last, each aligned', () => {
    fc.assert(
      fc.property(familyRange, ({ family, range }) => {
        const pieces = coverRange(range, family).map(blockRange)
        const starts = [range.first, ...pieces.map(({ last }) => last + 1n)]
        expect(pieces.map(({ first }) => first)).toEqual(starts.slice(0, -1))
        expect(starts.at(-1)).toBe(range.last + 1n)
        expect(pieces.filter(({ first, last }) => first % (last - first + 1n) !== 0n)).toEqual([])
      }),
      { numRuns: numRuns(200) },
    )
  })

  test('cover is minimal on large ranges too: no two neighbours make one block', () => {
    fc.assert(
      fc.property(familyRange, ({ family, range }) => {
        const cover = coverRange(range, family)
        for (const [index, one] of cover.entries()) {
          const next = cover[index + 1]
          if (next === undefined || next.prefix !== one.prefix) continue
          const joined = normalizeRanges([blockRange(one), blockRange(next)])[0]!
          expect(one.first % (joined.last - joined.first + 1n)).not.toBe(0n)
        }
      }),
      { numRuns: numRuns(200) },
    )
  })
})
