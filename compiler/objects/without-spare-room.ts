/**
 * The same list in an array of its own length. One that grew by push has room for 17 items (V8: JSArray::kMinAddedElementsCapacity), which
 * is 100 bytes and more for each list of each policy that is kept.
 */
export function withoutSpareRoom<Item>(list: readonly Item[]): readonly Item[] {
  return list.slice()
}
