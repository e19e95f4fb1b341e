import { expect, test } from 'vitest'
import { buildIPv4 } from '../../../src/lab/packets/build-ipv4.ts'
import { buildUdp } from '../../../src/lab/packets/build-udp.ts'
import { checksum } from '../../../src/lab/packets/checksum.ts'
import { crc32c } from '../../../src/lab/packets/crc32c.ts'
import { readAddress } from '../../../src/lab/packets/read-address.ts'
import { transportChecksum } from '../../../src/lab/packets/transport-checksum.ts'

test('the Internet checksum of the example in RFC 1071 §3', () => {
  expect(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff)
})

test('an odd last byte counts as the upper half of a word', () => {
  expect(checksum(Uint8Array.of(0x12))).toBe(~0x1200 & 0xffff)
})

test.each([
  ['the check value of the algorithm', new TextEncoder().encode('123456789'), 0xe3069283],
  ['32 zeros (RFC 3720 B.4)', new Uint8Array(32), 0x8a9136aa],
  ['32 ones (RFC 3720 B.4)', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['ascending bytes (RFC 3720 B.4)', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
])('CRC32c: %s', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected)
})

test('an IPv4 header gets the checksum that its textbook example has', () => {
  const packet = buildIPv4(
    { source: '192.168.0.1', destination: '192.168.0.199', protocolNumber: 17 },
    new Uint8Array(0x73 - 20),
  )
  expect(Buffer.from(packet.slice(0, 20)).toString('hex')).toBe('45000073000040004011b861c0a80001c0a800c7')
})

test.each([
  ['10.0.0.1', '10.0.0.2'],
  ['fd44::1', 'fd44::2'],
])('a datagram of %s with its checksum in place sums up to zero', (source, destination) => {
  const datagram = buildUdp({ source, destination, sourcePort: 1, destinationPort: 2 }, Uint8Array.of(1, 2, 3))
  expect(transportChecksum(readAddress(source), readAddress(destination), 17, datagram)).toBe(0)
})

test('a UDP checksum that comes out as zero is sent as ffff (RFC 768)', () => {
  const fields = { source: '0.0.0.0', destination: '0.0.0.0', sourcePort: 0, destinationPort: 0 }
  const plain = buildUdp(fields, new Uint8Array(2))
  const filler = new DataView(plain.buffer).getUint16(6)
  const datagram = buildUdp(fields, Uint8Array.of(filler >> 8, filler & 0xff))
  expect(new DataView(datagram.buffer).getUint16(6)).toBe(0xffff)
})
