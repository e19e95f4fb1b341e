import { expect, test } from 'vitest'
import { solicitedNodeAddress } from '../../../src/lab/packets/build-neighbour-solicitation.ts'
import { linkLocalAddress } from '../../../src/lab/packets/link-local-address.ts'
import { multicastMac } from '../../../src/lab/packets/multicast-mac.ts'
import { canonicalAddress, readAddress } from '../../../src/lab/packets/read-address.ts'

test.each([
  ['10.244.1.7', [10, 244, 1, 7]],
  ['::', new Array(16).fill(0)],
  ['::1', [...new Array(15).fill(0), 1]],
  ['fd44::', [0xfd, 0x44, ...new Array(14).fill(0)]],
  ['2001:db8:0:1:2:3:4:5', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5]],
  ['::ffff:10.0.0.1', [...new Array(10).fill(0), 0xff, 0xff, 10, 0, 0, 1]],
])('%s is read', (text, bytes) => {
  expect([...readAddress(text)]).toEqual(bytes)
})

test.each(['10.0.0', '10.0.0.256', 'fe80::1%eth0', ':::', 'web'])('%s is no address', (text) => {
  expect(() => readAddress(text)).toThrow(TypeError)
})

test('two spellings of one address have one canonical text', () => {
  expect(canonicalAddress('FD44:0:0:1::000a')).toBe(canonicalAddress('fd44::1:0:0:0:a'))
})

test('a MAC gives the link-local address of RFC 2464 §4', () => {
  expect(linkLocalAddress('34:56:78:9a:bc:de')).toBe('fe80::3656:78ff:fe9a:bcde')
})

test.each([
  ['224.0.0.251', '01:00:5e:00:00:fb'],
  ['239.129.1.1', '01:00:5e:01:01:01'],
  ['ff02::1:ff28:9c5a', '33:33:ff:28:9c:5a'],
  ['255.255.255.255', 'ff:ff:ff:ff:ff:ff'],
])('%s is sent to %s', (address, mac) => {
  expect(multicastMac(address)).toBe(mac)
})

test('a unicast address has no multicast MAC', () => {
  expect(() => multicastMac('10.244.1.7')).toThrow(TypeError)
})

test('the solicited-node group is that of RFC 4291 §2.7.1', () => {
  expect(canonicalAddress(solicitedNodeAddress('4037::1:800:200e:8c6c'))).toBe(canonicalAddress('ff02::1:ff0e:8c6c'))
})
