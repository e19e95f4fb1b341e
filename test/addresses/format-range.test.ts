import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import { blockRange } from '../../compiler/addresses/block-range.ts'
import { formatRange } from '../../compiler/addresses/format-range.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { AddressRange } from '../../compiler/addresses/range.ts'
import { numRuns } from '../support/runs.ts'
import { familyRange } from './arbitraries.ts'

function valueOf(text: string): bigint {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  return address.value
}

function readBack(text: string): AddressRange {
  const [first, last] = text.split('-')
  if (last !== undefined) return { first: valueOf(first!), last: valueOf(last) }
  if (!text.includes('/')) return { first: valueOf(text), last: valueOf(text) }
  const parsed = parseBlock(text)
  if (parsed === undefined || parsed.hostBits) throw new Error(`no plain block: ${text}`)
  return blockRange(parsed.block)
}

describe('formatRange', () => {
  test.each<[string, Family, bigint, bigint]>([
    ['0.0.0.0/0', 'IPv4', 0n, 0xffffffffn],
    ['10.0.0.0/28', 'IPv4', 0x0a000000n, 0x0a00000fn],
    ['10.0.0.1', 'IPv4', 0x0a000001n, 0x0a000001n],
    ['10.0.0.0-10.0.0.5', 'IPv4', 0x0a000000n, 0x0a000005n],
    ['10.0.0.1-10.0.0.2', 'IPv4', 0x0a000001n, 0x0a000002n],
    ['0.0.0.1-255.255.255.255', 'IPv4', 1n, 0xffffffffn],
    ['::/0', 'IPv6', 0n, 2n ** 128n - 1n],
    ['fd00::7', 'IPv6', (0xfd00n << 112n) + 7n, (0xfd00n << 112n) + 7n],
    ['::-fd00::7', 'IPv6', 0n, (0xfd00n << 112n) + 7n],
    ['::ffff:1.2.3.4/126', 'IPv6', 0xffff_0102_0304n, 0xffff_0102_0307n],
  ])('%s', (text, family, first, last) => {
    expect(formatRange({ first, last }, family)).toBe(text)
  })

  test('round trip: the text means the range, and is a range text only where no CIDR can say it', () => {
    fc.assert(
      fc.property(familyRange, ({ family, range }) => {
        fc.pre(family === 'IPv4' || (range.first >> 32n !== 0xffffn && range.last >> 32n !== 0xffffn))
        const text = formatRange(range, family)
        expect(readBack(text)).toEqual(range)
        const size = range.last - range.first + 1n
        const isBlock = size.toString(2).lastIndexOf('1') === 0 && range.first % size === 0n
        expect(text.includes('-')).toBe(!isBlock)
        if (size === 1n) expect(text).not.toContain('/')
      }),
      { numRuns: numRuns(500) },
    )
  })
})
