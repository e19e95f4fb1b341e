import type { Family } from './address.ts'

/** A CIDR: its first address (host bits cleared) and prefix length. */
export interface Block {
  readonly family: Family
  readonly first: bigint
  readonly prefix: number
}
