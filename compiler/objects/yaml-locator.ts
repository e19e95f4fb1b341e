import { type Document, isAlias, isCollection, isMap, isScalar, isSeq } from 'yaml'
import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import type { LineIndex } from './line-index.ts'
import type { Locator } from './locator.ts'
import { startOf } from './yaml-value.ts'

export interface YamlSource {
  /** Parses the document again, or has it still. */
  document(): Document.Parsed | undefined
  /** Where the parsed text starts in the file, and the document's root in the parsed text. */
  readonly offset: number
  readonly root: number
  readonly lines: LineIndex
}

/** Places of a YAML document; the root's is known, any other wants the parsed document. */
export function createYamlLocator(source: YamlSource, prefix: FieldPath = []): Locator {
  return {
    place: (path, part) => {
      const isRoot = path.length === 0 && prefix.length === 0
      const offset = isRoot ? source.root : locateInYaml(source.document(), [...prefix, ...path], part)
      return source.lines(source.offset + offset)
    },
    item: (index) => createYamlLocator(source, [...prefix, 'items', index]),
  }
}

/** A scalar is pointed at itself; a block mapping or list at its key, which says more than its first inner line. */
function locateInYaml(document: Document.Parsed | undefined, path: FieldPath, part: PlacePart = 'value'): number {
  if (document === undefined) return 0
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const step of path) {
    const collection = isAlias(node) ? node.resolve(document) : node
    if (isSeq(collection) && typeof step === 'number' && step < collection.items.length) {
      node = collection.items[step]
      offset = startOf(node)
      continue
    }
    const pair = isMap(collection) && collection.items.find(({ key }) => isScalar(key) && key.value === step)
    if (!pair) return offset
    node = pair.value
    const pointsAtKey = part === 'key' || !isWrittenInline(node)
    offset = startOf(pointsAtKey ? pair.key : node)
  }
  return offset
}

function isWrittenInline(node: unknown): boolean {
  if (isCollection(node)) return node.flow === true
  return isAlias(node) || (isScalar(node) && !(node.type === 'PLAIN' && node.source === ''))
}
