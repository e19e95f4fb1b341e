export type Family = 'IPv4' | 'IPv6'

export const FAMILIES: readonly Family[] = ['IPv4', 'IPv6']

/** An IP address: its family and its value as an unsigned integer of 32 or 128 bits. */
export interface Address {
  readonly family: Family
  readonly value: bigint
}
