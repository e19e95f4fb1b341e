import type { Selector } from '../objects/selector.ts'

/**
 * Where to look for objects that a selector may select: at least one of these must stand among the object's own
 * anchors. Undefined: the selector has no positive requirement, so any object may qualify.
 */
export function selectorAnchors(selector: Selector): readonly string[] | undefined {
  let best: readonly string[] | undefined
  for (const { key, operator, values } of selector.requirements) {
    if (operator === 'In' && (best === undefined || values.length < best.length)) {
      best = values.map((value) => pairAnchor(key, value))
    }
  }
  if (best !== undefined) return best
  const exists = selector.requirements.find(({ operator }) => operator === 'Exists')
  return exists && [exists.key]
}

/** The anchors under which an object with these labels is found: each pair, and each key. */
export function labelAnchors(labels: ReadonlyMap<string, string>): readonly string[] {
  const anchors: string[] = []
  for (const [key, value] of labels) anchors.push(pairAnchor(key, value), key)
  return anchors
}

// A label key holds no `=` (API validation), so a pair never looks like a key.
function pairAnchor(key: string, value: string): string {
  return `${key}=${value}`
}
