import type { FieldPath } from './field-path.ts'
import { invalidValue } from './field-problems.ts'
import type { Problems } from './problems.ts'

/** Whether a number is a port, 1–65535; refused when it is not. */
export function checkPortNumber(value: number, path: FieldPath, problems: Problems): boolean {
  if (Number.isInteger(value) && value >= 1 && value <= 65535) return true
  const detail = Number.isInteger(value) ? 'must be between 1 and 65535, inclusive' : 'must be an integer'
  problems.refuse(invalidValue(path, value, detail))
  return false
}
