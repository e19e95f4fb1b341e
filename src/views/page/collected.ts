/** A list of different things, each known by its position; equal keys are one thing. */
export interface Collected<Item> {
  readonly list: readonly Item[]
  /** The position of the item, which is added if it is new. */
  position(key: string, make: () => Item): number
}

export function createCollected<Item>(): Collected<Item> {
  const list: Item[] = []
  const positions = new Map<string, number>()
  return {
    list,
    position(key, make) {
      let found = positions.get(key)
      if (found === undefined) {
        found = list.length
        positions.set(key, found)
        list.push(make())
      }
      return found
    },
  }
}
