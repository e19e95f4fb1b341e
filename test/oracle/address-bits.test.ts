import { expect, test } from 'vitest'
import { addressBits } from './address-bits.ts'
import { inCidr } from './in-block.ts'

test.each([
  ['::', '0'.repeat(128)],
  ['::1', `${'0'.repeat(127)}1`],
  ['8000::', `1${'0'.repeat(127)}`],
  ['0.0.0.1', `${'0'.repeat(31)}1`],
  ['128.0.0.0', `1${'0'.repeat(31)}`],
])('%s in bits', (text, bits) => expect(addressBits(text)).toBe(bits))

test.each([
  ['fd44:0:0:1::a', 'FD44:0000:0:1:0:0:0:000A'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
])('%s and %s are one address', (left, right) => expect(addressBits(left)).toBe(addressBits(right) ?? 'no address'))

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '1.2.3.4.5',
  '1.2.3.x',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
])('%j is no address', (text) => expect(addressBits(text)).toBeUndefined())

test.each(['1:2:3:4::5:6:7:8', 'g::', '12345::', '1.2.3.4::', 'fe80::1%eth0'])('%j is no address', (text) =>
  expect(addressBits(text)).toBeUndefined(),
)

test('the families do not mix: ::a00:1 is not in 0.0.0.0/0, nor 10.0.0.1 in ::/0', () => {
  expect(inCidr('::a00:1', '0.0.0.0/0')).toBe(false)
  expect(inCidr('10.0.0.1', '::/0')).toBe(false)
})
