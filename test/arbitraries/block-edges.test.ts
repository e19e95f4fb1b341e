import { expect, test } from 'vitest'
import { blockEdges, canonical, isOrdinary } from './block-edges.ts'

test.each([
  ['192.0.2.64/26', ['192.0.2.63', '192.0.2.64', '192.0.2.127', '192.0.2.128']],
  ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255']],
  ['203.0.113.255/32', ['203.0.113.254', '203.0.113.255', '203.0.113.255', '203.0.114.0']],
  ['::/0', ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['fd44:0:0:2::7/64', ['fd44::1:ffff:ffff:ffff:ffff', 'fd44:0:0:2::', 'fd44::2:ffff:ffff:ffff:ffff', 'fd44:0:0:3::']],
])('the edges of %s', (cidr, edges) => expect(blockEdges(cidr)).toEqual(edges))

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['FD44:0:0:1:0:0:0:A', 'fd44:0:0:1::a'],
  ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['1:0:0:0:0:0:0:0', '1::'],
  ['10:0:0:0:20:0:0:0', '10::20:0:0:0'],
  ['::', '::'],
])('%s in canonical text is %s', (text, expected) => expect(canonical(text)).toBe(expected))

test.each(['0.0.0.0', '127.0.0.1', '169.254.1.1', '239.1.1.1', '255.255.255.255', '::', '::1', 'fe80::1', 'ff02::1'])(
  '%s is no ordinary address',
  (address) => expect(isOrdinary(address)).toBe(false),
)

test.each(['1.0.0.0', '10.244.1.255', '223.255.255.255', '::2', 'fd44::1'])('%s is an ordinary address', (address) =>
  expect(isOrdinary(address)).toBe(true),
)
