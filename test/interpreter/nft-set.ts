import type { Interval, SetDataType } from './data-types.ts'
import type { Value } from './value.ts'
import type { Verdict } from './verdict.ts'

/** A set, or a verdict map. */
export interface NftSet {
  readonly kind: 'set' | 'map'
  readonly name: string
  readonly type: readonly SetDataType[]
  readonly interval: boolean
  /** The bounds of a set that packets fill, or time empties; what packets write is not kept here, and time stands still. */
  readonly recorded: string | undefined
  readonly comment: string | undefined
  /** By their key: in a set without intervals the packet's values are looked up by it. */
  readonly elements: ReadonlyMap<string, Element>
}

export interface Element {
  readonly key: string
  readonly fields: readonly Interval[]
  readonly comment: string | undefined
  readonly verdict: Verdict | undefined
}

/** The element that holds the values; there is at most one, since the boxes of interval sets are disjoint. */
export function findElement(set: NftSet, values: readonly Value[]): Element | undefined {
  if (!set.interval) return set.elements.get(values.map(({ key }) => key).join(' . '))
  for (const element of set.elements.values()) {
    const inside = element.fields.every(({ first, last }, index) => {
      const number = values[index]?.number
      return number !== undefined && first <= number && number <= last
    })
    if (inside) return element
  }
  return undefined
}
