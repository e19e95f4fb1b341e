import { type FieldPath, formatFieldPath } from './field-path.ts'
import type { Problem } from './problems.ts'
import { quote } from './quote.ts'

// One function for each kind of error that the API server answers with (apimachinery, util/validation/field).

/** `spec.x: Invalid value: 70000: must be between 1 and 65535, inclusive` */
export function invalidValue(path: FieldPath, value: unknown, detail: string, hint = ''): Problem {
  return {
    code: 'invalid-value',
    path,
    text: `${formatFieldPath(path)}: Invalid value: ${quote(value)}: ${detail}`,
    hint,
  }
}

/** A value of another type than the field's: `must be a string`, `must be a list`. */
export function wrongType(path: FieldPath, value: unknown, expected: string, hint = ''): Problem {
  const field = path.length === 0 ? '' : `${formatFieldPath(path)}: `
  return { code: 'wrong-type', path, text: `${field}Invalid value: ${quote(value)}: must be ${expected}`, hint }
}

/** `spec.x: Required value: must specify a peer` */
export function requiredValue(path: FieldPath, detail: string, hint = ''): Problem {
  const text = `${formatFieldPath(path)}: Required value${detail === '' ? '' : `: ${detail}`}`
  return { code: 'required-value', path, text, hint }
}

/** `spec.x: Forbidden: may not specify both ipBlock and another peer` */
export function forbidden(path: FieldPath, detail: string, hint = ''): Problem {
  return { code: 'forbidden', path, text: `${formatFieldPath(path)}: Forbidden: ${detail}`, hint }
}

/** `spec.x: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"` (sorted, as the API server lists them). */
export function unsupportedValue(path: FieldPath, value: unknown, supported: readonly string[], hint = ''): Problem {
  const listed = [...supported].sort().map(quote).join(', ')
  const text = `${formatFieldPath(path)}: Unsupported value: ${quote(value)}: supported values: ${listed}`
  return { code: 'unsupported-value', path, text, hint }
}
