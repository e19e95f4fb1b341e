import type { Family } from './address.ts'
import type { AddressRange } from './range.ts'

/** A CIDR: its first address (host bits cleared) and prefix length. */
export interface Block {
  readonly family: Family
  readonly first: bigint
  readonly prefix: number
}
export type { AddressRange }
