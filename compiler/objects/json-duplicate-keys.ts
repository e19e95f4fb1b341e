import { jsonItems, jsonMembers, skipString } from './json-scan.ts'

/** A key that its object has already. */
export interface DuplicateKey {
  readonly key: string
  readonly offset: number
  readonly firstOffset: number
}

/**
 * The keys that JSON.parse silently overwrote in the text from `start` to `end`, parsed to `value`. In valid text each key
 * has a colon outside strings, so counting both tells quickly that there are none, which is nearly always.
 */
export function findDuplicateKeys(text: string, start: number, end: number, value: unknown): readonly DuplicateKey[] {
  return countColons(text, start, end) === countKeys(value) ? [] : collectDuplicates(text, start)
}

function countColons(text: string, start: number, end: number): number {
  let count = 0
  let at = start
  while (at < end) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = skipString(text, at)
    else {
      if (code === 0x3a) count += 1
      at += 1
    }
  }
  return count
}

/** Without recursion, as everything here: the nesting of the input has no limit. */
function countKeys(root: unknown): number {
  let count = 0
  const left: unknown[] = [root]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value !== 'object' || value === null) continue
    const inside = Object.values(value)
    if (!Array.isArray(value)) count += inside.length
    for (const item of inside) left.push(item)
  }
  return count
}

function collectDuplicates(text: string, start: number): readonly DuplicateKey[] {
  const duplicates: DuplicateKey[] = []
  const left = [start]
  for (let offset = left.pop(); offset !== undefined; offset = left.pop()) {
    const firstOffsets = new Map<string, number>()
    for (const { key, keyOffset, valueOffset } of jsonMembers(text, offset)) {
      const firstOffset = firstOffsets.get(key)
      if (firstOffset === undefined) firstOffsets.set(key, keyOffset)
      else duplicates.push({ key, offset: keyOffset, firstOffset })
      left.push(valueOffset)
    }
    for (const item of jsonItems(text, offset)) left.push(item)
  }
  return duplicates.sort((left, right) => left.offset - right.offset)
}
