/** Addresses of one family from `first` to `last`, both included. */
export interface AddressRange {
  readonly first: bigint
  readonly last: bigint
}
