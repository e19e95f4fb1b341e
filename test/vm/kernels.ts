/** A kernel line of Debian: the suites that have it, the newest version of any of them is taken. */
export interface KernelLine {
  readonly name: string
  readonly suites: readonly string[]
}

/** Old to new. `newest` is what users will have next. */
export const KERNELS: readonly KernelLine[] = [
  { name: '5.10', suites: ['bullseye', 'bullseye-security'] },
  { name: '6.1', suites: ['bookworm', 'bookworm-security'] },
  { name: '6.12', suites: ['trixie', 'trixie-security'] },
  { name: 'newest', suites: ['sid'] },
]

/** The suites whose nft can be asked for instead of the machine's own, by its version. */
export const NFTS: Readonly<Record<string, string>> = {
  '0.9.8': 'bullseye',
  '1.0.6': 'bookworm',
  '1.1.3': 'trixie',
  '1.1': 'sid',
}
