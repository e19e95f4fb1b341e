import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import type { LineIndex } from './line-index.ts'
import type { Locator } from './locator.ts'
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts'
import type { Marks } from './plain-yaml-marks.ts'

/** Places of a document that {@link readPlainYaml} has read: it is read again, with marks, where one is asked for. */
export function createPlainYamlLocator(text: string, offset: number, root: number, lines: LineIndex): Locator {
  let marked: { readonly yaml: PlainYaml | undefined; readonly marks: Marks } | undefined
  const read = () => {
    const marks: Marks = new Map()
    return { yaml: readPlainYaml(text, marks), marks }
  }
  const locate = (path: FieldPath, part: PlacePart): number => {
    if (path.length === 0) return root
    marked ??= read()
    return locateMarked(marked.yaml?.value, marked.marks, root, path, part)
  }
  const locatorOf = (prefix: FieldPath): Locator => ({
    place: (path, part = 'value') => lines(offset + locate([...prefix, ...path], part)),
    item: (index) => locatorOf([...prefix, 'items', index]),
  })
  return locatorOf([])
}

/** As for what the parser reads: a value by itself if it starts behind its key, by its key otherwise. */
function locateMarked(value: unknown, marks: Marks, root: number, path: FieldPath, part: PlacePart): number {
  let node = value
  let offset = root
  for (const step of path) {
    const mark = typeof node === 'object' && node !== null ? marks.get(node) : undefined
    const key = typeof step === 'string' ? mark?.keys.get(step) : undefined
    const at = Array.isArray(node) === (typeof step === 'number') ? mark?.at.get(step) : undefined
    const found = part === 'key' ? (key ?? at) : (at ?? key)
    if (found === undefined) return offset
    offset = found
    node = (node as Record<string | number, unknown>)[step]
  }
  return offset
}
