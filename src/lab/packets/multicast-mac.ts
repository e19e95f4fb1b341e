import { readAddress } from './read-address.ts'

const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff'

/** The MAC that a multicast address is sent to (RFC 1112 §6.4, RFC 2464 §7); the broadcast MAC for 255.255.255.255. */
export function multicastMac(address: string): string {
  const bytes = readAddress(address)
  if (address === '255.255.255.255') return BROADCAST_MAC
  const isMulticast = bytes.length === 4 ? ((bytes[0] ?? 0) & 0xf0) === 0xe0 : bytes[0] === 0xff
  if (!isMulticast) throw new TypeError(`not a multicast address: ${address}`)
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(-4)
  return toText(bytes.length === 4 ? [0x01, 0x00, 0x5e, b & 0x7f, c, d] : [0x33, 0x33, a, b, c, d])
}

function toText(mac: readonly number[]): string {
  return mac.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
