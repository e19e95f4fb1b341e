import { nearestWord } from './did-you-mean.ts'
import { type FieldPath, formatFieldPath } from './field-path.ts'
import type { Problem } from './problems.ts'
import { quote } from './quote.ts'
import type { Fields } from './read-fields.ts'

/** A problem for each field that is none of the known ones. `homesOf`: how people call the mappings where such a field belongs. */
export function unknownFields(
  fields: Fields,
  known: readonly string[],
  path: FieldPath,
  homesOf: (field: string) => readonly string[],
): readonly Problem[] {
  return Object.keys(fields)
    .filter((field) => !known.includes(field))
    .map((field) => {
      const fieldPath = [...path, field]
      const text = `unknown field ${quote(formatFieldPath(fieldPath))}`
      return { code: 'unknown-field', path: fieldPath, part: 'key', text, hint: hintFor(field, known, homesOf(field)) }
    })
}

function hintFor(field: string, known: readonly string[], homes: readonly string[]): string {
  const nearest = nearestWord(field, known)
  if (nearest !== undefined) return `did you mean "${nearest}"?`
  return homes.length > 0 ? `"${field}" belongs in ${homes.join(', or ')}` : `known fields: ${known.join(', ')}`
}
