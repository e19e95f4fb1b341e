import { readAddress } from './packets/read-address.ts'

/** A CIDR that the lab routes by. */
export interface Subnet {
  /** As in a route: '10.244.1.0/24'. */
  readonly text: string
  readonly first: Uint8Array
  readonly prefix: number
}

/** The subnet of that prefix length around an address; host bits are cleared. */
export function subnetAround(address: string, prefix: number): Subnet {
  const bytes = readAddress(address)
  if (!(prefix >= 0 && prefix <= bytes.length * 8)) throw new TypeError(`no prefix length for ${address}: ${prefix}`)
  const first = bytes.map((byte, index) => byte & maskByte(prefix, index))
  return { text: `${addressText(first)}/${prefix}`, first, prefix }
}

export function readSubnet(text: string): Subnet {
  const [address = '', prefix = ''] = text.split('/')
  if (!/^\d+$/.test(prefix)) throw new TypeError(`not a CIDR: ${text}`)
  return subnetAround(address, Number(prefix))
}

export function isInSubnet(subnet: Subnet, address: Uint8Array): boolean {
  if (address.length !== subnet.first.length) return false
  return subnet.first.every((byte, index) => byte === ((address[index] ?? 0) & maskByte(subnet.prefix, index)))
}

/** The address `offset` (0 to 255) after the first one of the subnet. */
export function addressIn(subnet: Subnet, offset: number): string {
  const bytes = subnet.first.slice()
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + offset
  return addressText(bytes)
}

function maskByte(prefix: number, index: number): number {
  const bits = Math.min(Math.max(prefix - index * 8, 0), 8)
  return (0xff << (8 - bits)) & 0xff
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, group) => ((bytes[group * 2] ?? 0) << 8) | (bytes[group * 2 + 1] ?? 0))
  const trailingZeros = 8 - (groups.findLastIndex((group) => group !== 0) + 1)
  const kept = groups.slice(0, 8 - trailingZeros).map((group) => group.toString(16))
  return trailingZeros > 1 ? `${kept.join(':')}::` : groups.map((group) => group.toString(16)).join(':')
}
