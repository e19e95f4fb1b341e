export type Family = 'IPv4' | 'IPv6'

export const FAMILIES: readonly Family[] = ['IPv4', 'IPv6']

/** An IP address: its family and its value as an unsigned integer of 32 or 128 bits. */
export interface Address {
  readonly family: Family
  readonly value: bigint
}

/** How many bits an address of the family has. */
export function addressWidth(family: Family): 32 | 128 {
  switch (family) {
    case 'IPv4':
      return 32
    case 'IPv6':
      return 128
  }
}
