import type { FieldPath } from '../objects/field-path.ts'
import type { Problems } from '../objects/problems.ts'
import type { Fields } from '../objects/read-fields.ts'
import { unknownFields } from '../objects/unknown-field.ts'

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
  for (const problem of unknownFields(fields, TEST_FIELDS[home], path, homesOf)) problems.refuse(problem)
}

function homesOf(field: string): readonly string[] {
  const homes = Object.entries(TEST_FIELDS) as [keyof typeof TEST_FIELDS, readonly string[]][]
  return homes.filter(([, fields]) => fields.includes(field)).map(([home]) => NAMES[home])
}
