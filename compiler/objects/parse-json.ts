import type { Diagnostic } from './diagnostic.ts'
import { findDuplicateKeys } from './json-duplicate-keys.ts'
import { createJsonLocator } from './json-locator.ts'
import { skipBlanks, skipValue } from './json-scan.ts'
import type { LineIndex } from './line-index.ts'
import type { ParsedDocument } from './parse-yaml.ts'
import { formatPlace } from './place.ts'
import { quote } from './quote.ts'

/**
 * The values of a piece of a file that is JSON, one or several in a row as kubectl takes them; undefined when it is not
 * JSON (it may be YAML then). JSON.parse does the work: 100 MB take a second, where the YAML parser would take minutes.
 */
export function parseJson(
  text: string,
  lines: LineIndex,
  offset: number,
  report: (diagnostic: Diagnostic) => void,
): readonly ParsedDocument[] | undefined {
  const values = parseWhole(text) ?? parseInARow(text)
  if (values === undefined) return undefined
  const documents: ParsedDocument[] = []
  const place = (at: number) => lines(offset + at)
  for (const { value, start, end } of values) {
    const duplicates = findDuplicateKeys(text, start, end, value)
    for (const { key, offset: at, firstOffset } of duplicates) {
      const problem = `key ${quote(key)} appears twice in one mapping, first at ${formatPlace(place(firstOffset))}`
      report({ severity: 'error', code: 'duplicate-key', problem, hint: '', place: place(at) })
    }
    if (value !== null && duplicates.length === 0) {
      documents.push({ value, locator: createJsonLocator(text, start, place) })
    }
  }
  return documents
}

interface JsonValue {
  readonly value: unknown
  readonly start: number
  readonly end: number
}

function parseWhole(text: string): readonly JsonValue[] | undefined {
  const value = tryParse(text)
  return value === undefined ? undefined : [{ value, start: skipBlanks(text, 0), end: text.length }]
}

function parseInARow(text: string): readonly JsonValue[] | undefined {
  const values: JsonValue[] = []
  for (let start = skipBlanks(text, 0); start < text.length; ) {
    const end = skipValue(text, start)
    const value = end > start ? tryParse(text.slice(start, end)) : undefined
    if (value === undefined) return undefined
    values.push({ value, start, end })
    start = skipBlanks(text, end)
  }
  return values
}

/** Undefined when it is not JSON: no JSON text means undefined. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
