import type { FieldPath } from './field-path.ts'
import { wrongType } from './field-problems.ts'
import type { Problems } from './problems.ts'

/** A mapping of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

const NO_FIELDS: Fields = Object.freeze({})

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Below, null is as missing, as it is for the API server; another wrong type refuses the part that is being decoded.

/** The fields of a mapping, none when it is missing; undefined when it is something else. */
export function readMapping(value: unknown, path: FieldPath, problems: Problems): Fields | undefined {
  if (value === undefined || value === null) return NO_FIELDS
  if (isFields(value)) return value
  problems.refuse(wrongType(path, value, 'a mapping', Array.isArray(value) ? 'write it without the leading "- "' : ''))
  return undefined
}

/** The items of a list, none when it is missing; undefined when it is something else. */
export function readList(value: unknown, path: FieldPath, problems: Problems): readonly unknown[] | undefined {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as readonly unknown[]
  problems.refuse(wrongType(path, value, 'a list', isFields(value) ? 'start each item with "- "' : ''))
  return undefined
}

/** A string, or undefined when it is missing or something else. */
export function readString(value: unknown, path: FieldPath, problems: Problems): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  problems.refuse(wrongType(path, value, 'a string', quotingHint(value)))
  return undefined
}

/** A boolean, false when it is missing or something else. */
export function readBoolean(value: unknown, path: FieldPath, problems: Problems): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? false
  problems.refuse(wrongType(path, value, 'true or false', typeof value === 'string' ? 'write it without quotes' : ''))
  return false
}

/** YAML reads more as numbers and booleans than its authors expect (kubectl reads YAML 1.1). */
export function quotingHint(value: unknown): string {
  if (typeof value === 'number') return `put it in quotes: "${value}"`
  if (typeof value === 'boolean') return 'put it in quotes (bare true, false, yes, no, on, off, y and n are booleans)'
  return ''
}
