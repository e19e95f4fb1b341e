import type { ClusterObject } from '../../../compiler/objects/objects.ts'

/** Do two objects mean the same? Where they were written does not count: a line more above them changes nothing. */
export function sameObject(left: ClusterObject, right: ClusterObject): boolean {
  return same(left, right)
}

function same(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => same(item, right[index]))
  }
  // Labels and selectors carry their canonical text.
  if ('key' in left && 'key' in right && ('labels' in left || 'requirements' in left)) return left.key === right.key
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  names.delete('place')
  for (const name of names) if (!same(fieldOf(left, name), fieldOf(right, name))) return false
  return true
}

function fieldOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name]
}
