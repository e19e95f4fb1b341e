import { type FieldPath, formatFieldPath } from './field-path.ts'
import { invalidValue } from './field-problems.ts'
import { checkLabelKey, checkLabelValue } from './label-syntax.ts'
import type { Problems } from './problems.ts'
import { readMapping, readString } from './read-fields.ts'

const NO_LABELS: readonly (readonly [string, string])[] = []

/** Label pairs of `metadata.labels` or `matchLabels`; good for nothing when any of them is refused. */
export function decodeLabels(
  value: unknown,
  path: FieldPath,
  problems: Problems,
): readonly (readonly [string, string])[] {
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return NO_LABELS
  const labels: (readonly [string, string])[] = []
  for (const [key, written] of Object.entries(fields)) {
    const text = written === null ? '' : typeof written === 'string' ? written : undefined
    for (const problem of checkLabelKey(key)) {
      problems.refuse({ ...invalidValue(path, key, problem), path: [...path, key], part: 'key' })
    }
    if (text === undefined) {
      readString(written, [...path, key], problems)
      continue
    }
    if (written === null) warnOfNull([...path, key], problems)
    for (const problem of checkLabelValue(text)) problems.refuse(invalidValue([...path, key], text, problem))
    labels.push([key, text])
  }
  return labels
}

/** The API server decodes null into a string as the empty string. */
function warnOfNull(path: FieldPath, problems: Problems): void {
  const text = `${formatFieldPath(path)}: null is read as the empty value`
  problems.warn({ code: 'null-label', path, text, hint: 'write "" if that is meant' })
}
