import { createSelector, type Requirement, type Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'

/** Labels by key, sorted; the smallest that a selector selects. */
export type ExampleLabels = ReadonlyMap<string, string>

/** Where a selector asks for a key alone: every value that no selector names. No label can have it (apimachinery validation). */
export const ANY_VALUE = '?'

/** A selector that lists values has an example for each; beyond so many the rest is left out. */
const MOST_EXAMPLES = 8

/**
 * The smallest sets of labels that a selector selects: for each key that it asks for, one of the values that it takes. Keys
 * that are only ruled out are missing. Empty: it selects nothing, whatever the labels.
 */
export function exampleLabels({ requirements }: Selector): readonly ExampleLabels[] {
  const byKey = [...Map.groupBy(requirements, ({ key }) => key)].sort(([left], [right]) => (left < right ? -1 : 1))
  let examples: readonly ExampleLabels[] = [new Map()]
  for (const [key, list] of byKey) {
    const values = valuesOf(key, list)
    examples = examples.flatMap((example) =>
      values.map((value) => (value === undefined ? example : new Map([...example, [key, value]]))),
    )
    examples = examples.slice(0, MOST_EXAMPLES)
  }
  return examples
}

/** `undefined`: without the label. */
function valuesOf(key: string, list: readonly Requirement[]): readonly (string | undefined)[] {
  const selector = createSelector(list)
  const fits = (value: string | undefined): boolean =>
    matchesSelector(selector, new Map(value === undefined ? [] : [[key, value]]))
  if (fits(undefined)) return [undefined]
  const listed = list.flatMap(({ operator, values }) => (operator === 'In' ? values : []))
  return (listed.length > 0 ? [...new Set(listed)].sort() : [ANY_VALUE]).filter(fits)
}
