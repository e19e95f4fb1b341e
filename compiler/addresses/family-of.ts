import type { Family } from './address.ts'

/** The family of an address in canonical text. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
