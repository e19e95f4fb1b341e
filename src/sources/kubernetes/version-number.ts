/**
 * A resourceVersion as a number in the order of writing (KEP-5504; before it etcd's own revisions); undefined where it is none, and then
 * there is nothing to compare.
 */
export function versionNumber(version: unknown): bigint | undefined {
  return typeof version === 'string' && /^\d+$/.test(version) ? BigInt(version) : undefined
}
