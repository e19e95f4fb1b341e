import { isIP } from 'node:net'
import fc from 'fast-check'
import { IPv4, IPv6 } from 'ip-num'
import { describe, expect, test } from 'vitest'
import { parseAddress, parseAddressLeniently } from '../../compiler/addresses/parse-address.ts'
import { numRuns } from '../support/runs.ts'

describe('parseAddress', () => {
  test.each([
    ['0.0.0.0', 'IPv4', 0n],
    ['255.255.255.255', 'IPv4', 0xffffffffn],
    ['10.244.1.7', 'IPv4', 0x0af40107n],
    ['::', 'IPv6', 0n],
    ['::1', 'IPv6', 1n],
    ['1::', 'IPv6', 1n << 112n],
    ['FD00::aB', 'IPv6', (0xfd00n << 112n) + 0xabn],
    ['0001:0002:0003:0004:0005:0006:0007:0008', 'IPv6', 0x00010002000300040005000600070008n],
    ['1:2:3:4:5:6:7::', 'IPv6', 0x00010002000300040005000600070000n],
    ['::2:3:4:5:6:7:8', 'IPv6', 0x00000002000300040005000600070008n],
    ['1:2:3:4:5:6:7.8.9.10', 'IPv6', 0x0001000200030004000500060708090an],
    ['64:ff9b::192.0.2.33', 'IPv6', (0x64ff9bn << 96n) + 0xc0000221n],
    ['::1.2.3.4', 'IPv6', 0x01020304n],
  ] as const)('%s is %s %d', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value })
  })

  test.each(['::ffff:10.1.2.3', '::ffff:0a01:203', '0:0:0:0:0:FFFF:10.1.2.3'])(
    'IPv4-mapped %s is the IPv4 address inside, as Kubernetes reads it',
    (text) => {
      expect(parseAddress(text)).toEqual({ family: 'IPv4', value: 0x0a010203n })
    },
  )

  test.each([
    ['', 'nothing'],
    [' 10.0.0.1', 'a blank'],
    ['10.0.0.1\n', 'a line end'],
    ['10.0.0', 'three octets'],
    ['10.0.0.1.2', 'five octets'],
    ['10..0.1', 'an empty octet'],
    ['10.0.0.', 'no last octet'],
    ['.10.0.0.1', 'no first octet'],
    ['10.0.0.256', 'an octet above 255'],
    ['10.0.0.01', 'a leading zero'],
    ['00.0.0.0', 'two zeros'],
    ['+1.0.0.1', 'a sign'],
    ['0x0a.0.0.1', 'hexadecimal in a dotted quad'],
    ['167772161', 'one number'],
    ['١.0.0.1', 'a digit of another script'],
    ['10.0.0.1/32', 'a prefix'],
    ['fe80::1%eth0', 'a zone'],
    ['[::1]', 'brackets'],
    [':', 'one colon'],
    [':::', 'three colons'],
    ['1::2::3', 'two compressions'],
    ['1:2:3:4:5:6:7', 'seven groups'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['1:2:3:4::5:6:7:8', 'a compression of no group'],
    ['1:2:3:4:5:6:7:8::', 'a compression of no group at the end'],
    ['1:2:3:4:5:6:7:', 'an open end'],
    [':2:3:4:5:6:7:8', 'an open start'],
    ['00001::', 'five digits'],
    ['g::', 'no hexadecimal digit'],
    ['::1.2.3.4:5', 'an embedded IPv4 that is not last'],
    ['1.2.3.4::', 'an embedded IPv4 in front'],
    ['1:2:3:4:5:6:7:1.2.3.4', 'an embedded IPv4 with no room'],
    ['::ffff:1.2.3.04', 'a leading zero in an embedded IPv4'],
  ])('%j is no address: %s', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  test('every dotted quad has the value that ip-num gives it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(text)).toEqual({ family: 'IPv4', value: IPv4.fromString(text).getValue() })
      }),
      { numRuns: numRuns(200) },
    )
  })

  test('every RFC 3986 IPv6 text has the value that ip-num gives it', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const value = IPv6.fromString(text).getValue()
        const mapped = value >> 32n === 0xffffn
        const expected = mapped ? { family: 'IPv4', value: value & 0xffffffffn } : { family: 'IPv6', value }
        expect(parseAddress(text)).toEqual(expected)
      }),
      { numRuns: numRuns(200) },
    )
  })

  test('a text close to an address is one exactly when the platform says so', () => {
    fc.assert(
      fc.property(nearAddress, (text) => {
        expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0)
      }),
      { numRuns: numRuns(2000) },
    )
  })
})

describe('parseAddressLeniently', () => {
  test.each([
    ['010.000.0.09', 0x0a000009n],
    ['00000010.0.0.1', 0x0a000001n],
    ['::ffff:010.0.0.1', 0x0a000001n],
  ])('leading zeros of %s are decimal and are told', (text, value) => {
    expect(parseAddressLeniently(text)).toEqual({ address: { family: 'IPv4', value }, leadingZeros: true })
  })

  test('leading zeros of an IPv4 address embedded in IPv6 are told too', () => {
    expect(parseAddressLeniently('64:ff9b::192.0.002.1')).toEqual({
      address: { family: 'IPv6', value: (0x64ff9bn << 96n) + 0xc0000201n },
      leadingZeros: true,
    })
  })

  test.each(['0.0.0.0', '10.0.0.1', '0001::0001'])(
    '%s has no leading zero that another reader takes for octal',
    (text) => {
      expect(parseAddressLeniently(text)).toEqual({ address: parseAddress(text), leadingZeros: false })
    },
  )

  test.each(['010.0.0', '0256.0.0.1', '010.0.0.1/8', '0.0.0.0x1', '00001::1', '010', '01.2.3.4::', ''])(
    '%j stays no address',
    (text) => {
      expect(parseAddressLeniently(text)).toBeUndefined()
    },
  )

  test('zeros put before the octets never change the address', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.array(fc.nat({ max: 3 }), { minLength: 4, maxLength: 4 }), (text, zeros) => {
        const padded = text
          .split('.')
          .map((octet, index) => '0'.repeat(zeros[index] ?? 0) + octet)
          .join('.')
        expect(parseAddressLeniently(padded)).toEqual({ address: parseAddress(text), leadingZeros: padded !== text })
      }),
      { numRuns: numRuns(200) },
    )
  })
})

interface Edit {
  readonly at: number
  readonly removed: number
  readonly put: string
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat({ max: 40 }),
  removed: fc.nat({ max: 1 }),
  put: fc.constantFrom(...'0123456789afF.:'.split(''), '::', ''),
})

function apply(text: string, { at, removed, put }: Edit): string {
  const position = at % (text.length + 1)
  return text.slice(0, position) + put + text.slice(position + removed)
}

/** A valid address with up to two characters taken out, put in or replaced. */
const nearAddress = fc
  .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.array(edit, { maxLength: 2 }))
  .map(([text, edits]) => edits.reduce(apply, text))
