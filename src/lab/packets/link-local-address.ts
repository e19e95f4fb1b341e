import { readMac } from './read-mac.ts'

/** The link-local address that the kernel gives an interface of that MAC (modified EUI-64, RFC 4291 appendix A). */
export function linkLocalAddress(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = readMac(mac)
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f]
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`
}
