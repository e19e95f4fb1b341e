import fc from 'fast-check'
import { IPv4CidrRange, IPv6CidrRange } from 'ip-num'
import { describe, expect, test } from 'vitest'
import { addressWidth } from '../../compiler/addresses/address.ts'
import type { Block } from '../../compiler/addresses/block.ts'
import { blockContains, blockOfRange, blockRange, rangeOfFamily } from '../../compiler/addresses/block-range.ts'
import { formatBlock } from '../../compiler/addresses/format-block.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { numRuns } from '../support/runs.ts'
import { block, familyRange } from './arbitraries.ts'

function oracle(one: Block): IPv4CidrRange | IPv6CidrRange {
  const text = formatBlock(one)
  return one.family === 'IPv4' ? IPv4CidrRange.fromCidr(text) : IPv6CidrRange.fromCidr(text)
}

function parsed(text: string): Block {
  const found = parseBlock(text)
  if (found === undefined) throw new Error(`no block: ${text}`)
  return found.block
}

/** Two blocks of one family that are often nested: the second starts where the first does, or anywhere. */
const pair = fc.tuple(block, block, fc.nat({ max: 128 }), fc.boolean()).map(([outer, other, bits, nested]) => {
  const width = addressWidth(outer.family)
  const prefix = bits % (width + 1)
  const host = BigInt(width - prefix)
  const start = nested || outer.family !== other.family ? outer.first : other.first
  return [outer, { family: outer.family, first: (start >> host) << host, prefix }] as const
})

test('the range of a family is all of it', () => {
  expect(rangeOfFamily('IPv4')).toEqual({ first: 0n, last: 0xffffffffn })
  expect(rangeOfFamily('IPv6')).toEqual({ first: 0n, last: 2n ** 128n - 1n })
})

test('a block ranges from and to the addresses that ip-num gives', () => {
  fc.assert(
    fc.property(block, (one) => {
      const expected = oracle(one)
      expect(blockRange(one)).toEqual({ first: expected.getFirst().getValue(), last: expected.getLast().getValue() })
    }),
    { numRuns: numRuns(200) },
  )
})

describe('blockContains', () => {
  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.0.0.0/8', '11.0.0.0/16', false],
    ['0.0.0.0/0', '255.255.255.255/32', true],
    ['::/0', '10.0.0.0/8', false],
    ['0.0.0.0/0', '::/128', false],
  ])('%s contains %s: %s', (outer, inner, expected) => {
    expect(blockContains(parsed(outer), parsed(inner))).toBe(expected)
  })

  test('it says what ip-num says', () => {
    fc.assert(
      fc.property(pair, ([outer, inner]) => {
        const whole = oracle(outer).toRangeSet()
        const part = oracle(inner).toRangeSet()
        expect(blockContains(outer, inner)).toBe(whole.contains(part))
      }),
      { numRuns: numRuns(200) },
    )
  })
})

describe('blockOfRange', () => {
  test('round trip: the range of a block is that block', () => {
    fc.assert(
      fc.property(block, (one) => {
        expect(blockOfRange(blockRange(one), one.family)).toEqual(one)
      }),
      { numRuns: numRuns(200) },
    )
  })

  test('a range is a block or there is none', () => {
    fc.assert(
      fc.property(familyRange, ({ family, range }) => {
        const found = blockOfRange(range, family)
        // Every block that starts there; none may end where the range ends when none was found.
        const ends = Array.from({ length: addressWidth(family) + 1 }, (_, host) => BigInt(host))
          .filter((host) => (range.first >> host) << host === range.first)
          .map((host) => range.first + 2n ** host - 1n)
        expect(found !== undefined).toBe(ends.includes(range.last))
        if (found !== undefined) expect(blockRange(found)).toEqual(range)
      }),
      { numRuns: numRuns(500) },
    )
  })

  test.each([
    [5n, 4n],
    [0n, -1n],
    [8n, 3n],
  ])('an empty range is no block: %d-%d', (first, last) => {
    expect(blockOfRange({ first, last }, 'IPv4')).toBeUndefined()
  })
})
