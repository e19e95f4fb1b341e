/** `1.0.6` as `[1, 0, 6]`; the stable branches have four numbers (1.0.6.1). */
export type NftVersion = readonly number[]

/** Reads `nftables v1.0.6 (Lester Gooch #5)`. */
export function readVersion(text: string): NftVersion | undefined {
  return /^nftables v(\d+(?:\.\d+)+)/.exec(text)?.[1]?.split('.').map(Number)
}

/** Is the version older than the other? A missing number counts as 0. */
export function isOlder(version: NftVersion, than: NftVersion): boolean {
  for (let index = 0; index < Math.max(version.length, than.length); index += 1) {
    const difference = (version[index] ?? 0) - (than[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
