import { nearestWord } from '../objects/did-you-mean.ts'
import { type FieldPath, formatFieldPath } from '../objects/field-path.ts'
import type { Problems } from '../objects/problems.ts'
import { quote } from '../objects/quote.ts'
import type { Fields } from '../objects/read-fields.ts'

/** Every field of selvedge.io/v1alpha1 PolicyTest, by the mapping that it belongs in (docs/policy-test.schema.json). */
export const TEST_FIELDS = {
  document: ['apiVersion', 'kind', 'metadata', 'manifests', 'tests'],
  assertion: ['name', 'from', 'to', 'ports', 'expect', 'only', 'atMost', 'pods'],
  end: ['namespace', 'namespaces', 'pods', 'absent', 'not'],
  destination: ['namespace', 'namespaces', 'pods', 'absent', 'not', 'to', 'ports'],
  ports: ['not'],
} as const

const NAMES: Readonly<Record<keyof typeof TEST_FIELDS, string>> = {
  document: 'the document',
  assertion: 'an item of tests',
  end: 'from, to or an item of only',
  destination: 'an item of atMost',
  ports: 'ports',
}

/** Refuses every field that does not belong here: one that nobody reads would make a test say less than it seems to. */
export function checkTestFields(
  fields: Fields,
  home: keyof typeof TEST_FIELDS,
  path: FieldPath,
  problems: Problems,
): void {
  const known: readonly string[] = TEST_FIELDS[home]
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue
    const fieldPath = [...path, field]
    const text = `unknown field ${quote(formatFieldPath(fieldPath))}`
    problems.refuse({ code: 'unknown-field', path: fieldPath, part: 'key', text, hint: hintFor(field, known) })
  }
}

function hintFor(field: string, known: readonly string[]): string {
  const nearest = nearestWord(field, known)
  if (nearest !== undefined) return `did you mean "${nearest}"?`
  const homes = Object.entries(TEST_FIELDS) as [keyof typeof TEST_FIELDS, readonly string[]][]
  const belongs = homes.filter(([, fields]) => fields.includes(field)).map(([home]) => NAMES[home])
  return belongs.length > 0 ? `"${field}" belongs in ${belongs.join(', or ')}` : `known fields: ${known.join(', ')}`
}
