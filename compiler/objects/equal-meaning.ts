import type { ClusterObject } from './objects.ts'

/** Do two objects mean the same? Where they were written does not count: a line more above them changes nothing. */
export function equalMeaning(left: ClusterObject, right: ClusterObject): boolean {
  return equalValues(left, right, 'place')
}

/** Are two JSON-like values equal, but for the fields of one name anywhere in them? */
export function equalValues(left: unknown, right: unknown, without?: string): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => equalValues(item, right[index], without))
  }
  // Labels and selectors carry their canonical text.
  if ('key' in left && 'key' in right && ('labels' in left || 'requirements' in left)) return left.key === right.key
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  if (without !== undefined) names.delete(without)
  for (const name of names) if (!equalValues(fieldOf(left, name), fieldOf(right, name), without)) return false
  return true
}

function fieldOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name]
}
