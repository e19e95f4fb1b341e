import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { numRuns } from '../support/runs.ts'
import { address } from './arbitraries.ts'

function canonical(text: string): string {
  const parsed = parseAddress(text)
  if (parsed === undefined) throw new Error(`no address: ${text}`)
  return formatAddress(parsed)
}

describe('formatAddress', () => {
  test.each([
    ['2001:0db8::0001', '2001:db8::1', '§4.1: no leading zeros'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1', '§4.2.1: shortened as much as possible'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '§4.2.2: one zero group stays'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', '§4.2.3: the longest run'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', '§4.2.3: the first of equal runs'],
    ['2001:DB8::AAAA', '2001:db8::aaaa', '§4.3: lower case'],
    ['0:0:0:0:0:0:0:0', '::', 'a run of all groups'],
    ['0:0:0:0:0:0:0:1', '::1', 'a run at the start'],
    ['fd00:0:0:0:0:0:0:0', 'fd00::', 'a run at the end'],
    ['0:1:1:1:1:1:1:0', '0:1:1:1:1:1:1:0', 'two single zero groups'],
    ['::1.2.3.4', '::102:304', 'an embedded IPv4 becomes groups'],
    ['::ffff:1.2.3.4', '1.2.3.4', 'an IPv4-mapped address is IPv4'],
    ['255.0.128.9', '255.0.128.9', 'IPv4 with the highest bit set'],
  ])('%s is %s (RFC 5952 %s)', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  test('an IPv4-mapped value of an IPv6 range is in mixed notation (RFC 5952 §5)', () => {
    expect(formatAddress({ family: 'IPv6', value: 0xffff_0102_0304n })).toBe('::ffff:1.2.3.4')
  })

  test('round trip: an address parsed from its text is the same address', () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one)
      }),
      { numRuns: numRuns(500) },
    )
  })

  test('IPv6 is spelled as the URL standard spells it', () => {
    fc.assert(
      fc.property(address, (one) => {
        fc.pre(one.family === 'IPv6')
        const plain = one.value
          .toString(16)
          .padStart(32, '0')
          .replace(/(....)(?!$)/g, '$1:')
        expect(`[${formatAddress(one)}]`).toBe(new URL(`http://[${plain}]/`).hostname)
      }),
      { numRuns: numRuns(500) },
    )
  })
})
