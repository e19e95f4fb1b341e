import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import { jsonItems, jsonMembers } from './json-scan.ts'
import type { LineIndex } from './line-index.ts'
import type { Locator } from './locator.ts'

/** Places of the JSON value that starts at `offset`: the text is walked when a place is asked for, not before. */
export function createJsonLocator(text: string, offset: number, lines: LineIndex): Locator {
  let items: readonly number[] | undefined
  return {
    place: (path, part) => lines(locateInJson(text, offset, path, part)),
    item: (index) => {
      // One walk for all items: a walk from the start for each would be quadratic in a long list.
      items ??= [...jsonItems(text, locateInJson(text, offset, ['items']))]
      return createJsonLocator(text, items[index] ?? offset, lines)
    },
  }
}

function locateInJson(text: string, start: number, path: FieldPath, part?: PlacePart): number {
  let at = start
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1
    const next = typeof step === 'number' ? nthItem(text, at, step) : memberOf(text, at, step, isLast ? part : 'value')
    if (next === undefined) return at
    at = next
  }
  return at
}

function nthItem(text: string, offset: number, index: number): number | undefined {
  let position = 0
  for (const item of jsonItems(text, offset)) if (position++ === index) return item
  return undefined
}

function memberOf(text: string, offset: number, key: string, part: PlacePart | undefined): number | undefined {
  for (const member of jsonMembers(text, offset)) {
    if (member.key === key) return part === 'key' ? member.keyOffset : member.valueOffset
  }
  return undefined
}
