/** What the reconcile loop needs of the kernel; src/kernel provides it, a test may provide a worse one. */
export interface KernelPort {
  /** One transaction for `nft -f -`. */
  apply(text: string): Promise<KernelResult>
  /** Our table as `nft -j` lists it. A failed list is not an empty table. */
  list(): Promise<KernelListing>
  /** A generation that no live conntrack entry carries; `current` is the one in force, if any. */
  nextGeneration(current: number | undefined): Promise<number>
}

export type KernelResult =
  | { readonly ok: true; readonly durationMilliseconds: number }
  | { readonly ok: false; readonly kind: string; readonly message: string }

export type KernelListing =
  | { readonly kind: 'table'; readonly listing: unknown }
  | { readonly kind: 'no table' }
  | { readonly kind: 'failed'; readonly message: string }
