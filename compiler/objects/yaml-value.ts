import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml'
import { quote } from './quote.ts'

/** What keeps a document from being read: its syntax, or what its grammar allows and a manifest must not have. */
export interface YamlProblem {
  readonly code: 'yaml-syntax' | 'yaml-depth' | 'duplicate-key' | 'yaml-alias' | 'yaml-merge' | 'yaml-bomb'
  readonly problem: string
  readonly hint: string
  readonly offset: number
  /** For a repeated key: where it stood first. */
  readonly firstOffset?: number
}

/** More nodes than this, and than ten times those written, make a bomb of a document with aliases. */
const MOST_NODES = 1_000_000
const MOST_GROWTH = 10

/**
 * The plain value of a document: aliases shared rather than copied, merge keys (`<<`) merged, repeated keys found. All in
 * one pass here, because the parser's own ways take time quadratic in the keys of a mapping or in aliases.
 */
export function yamlValue(document: Document.Parsed): { value: unknown; problems: readonly YamlProblem[] } {
  const problems: YamlProblem[] = []
  const anchors = new Map<string, { readonly value: unknown; readonly nodes: number } | undefined>()
  /** Nodes in the text, and nodes that a walk through the value meets. */
  let written = 0
  let met = 0
  const isBomb = (): boolean => met > MOST_NODES && met > MOST_GROWTH * written

  function convert(node: unknown): unknown {
    written += 1
    met += 1
    if (isAlias(node)) return followAlias(node)
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined
    if (anchor !== undefined) anchors.set(anchor, undefined)
    const before = met
    const value = isMap(node)
      ? convertMap(node)
      : isSeq(node)
        ? node.items.map(convert)
        : isScalar(node)
          ? node.value
          : null
    if (anchor !== undefined) anchors.set(anchor, { value, nodes: met - before })
    return value
  }

  function followAlias(alias: Alias): unknown {
    const anchored = anchors.get(alias.source)
    if (anchored !== undefined) {
      met += anchored.nodes
      return anchored.value
    }
    const wrong = anchors.has(alias.source) ? 'contains itself' : 'is used before it is defined'
    problems.push({
      code: 'yaml-alias',
      problem: `anchor ${quote(alias.source)} ${wrong}`,
      hint: '',
      offset: startOf(alias),
    })
    return null
  }

  function convertMap(map: YAMLMap): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    const keys = new Map<string, number>()
    const merged: unknown[] = []
    for (const { key, value } of map.items) {
      const converted = convert(value)
      if (isMergeKey(key)) {
        for (const source of mergeSources(converted, startOf(key))) merged.push(source)
        continue
      }
      const name = isScalar(key) ? String(key.value) : ''
      const offset = startOf(key)
      const firstOffset = keys.get(name)
      if (firstOffset === undefined) keys.set(name, offset)
      else {
        const problem = `key ${quote(name)} appears twice in one mapping`
        problems.push({ code: 'duplicate-key', problem, hint: '', offset, firstOffset })
      }
      setField(object, name, converted)
    }
    for (const source of merged) mergeInto(object, source)
    return object
  }

  function mergeSources(value: unknown, offset: number): readonly unknown[] {
    const sources = Array.isArray(value) ? (value as readonly unknown[]) : [value]
    if (sources.every((source) => typeof source === 'object' && source !== null && !Array.isArray(source)))
      return sources
    problems.push({ code: 'yaml-merge', problem: 'a merge key (<<) takes mappings only', hint: '', offset })
    return []
  }

  /** What the mapping says itself wins, then the first source. */
  function mergeInto(object: Record<string, unknown>, source: unknown): void {
    if (isBomb()) return
    for (const [key, value] of Object.entries(source as object)) {
      if (!Object.hasOwn(object, key)) setField(object, key, value)
    }
  }

  const value = convert(document.contents)
  if (isBomb()) {
    const problem = `its aliases stand for more than ${MOST_NODES} values`
    problems.push({ code: 'yaml-bomb', problem, hint: 'write the values out', offset: startOf(document.contents) })
  }
  return { value, problems }
}

/** The offset of a node's first character, its tag and anchor not counted. */
export function startOf(node: unknown): number {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0
}

function isMergeKey(key: unknown): key is Scalar {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

/** `__proto__` is a key like any other here, not the way to an object's prototype. */
function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
