import { type Fields, isFields } from '../objects/read-fields.ts'

// Services and Ingresses only lend their names: whatever of them cannot be read is as if it were not there.

/** The mapping behind a key, or an empty one. */
export function fieldsOf(fields: Fields, key: string): Fields {
  const value = fields[key]
  return isFields(value) ? value : {}
}

/** The mappings of a list. */
export function itemsOf(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key]
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** The strings of a list. */
export function textsOf(fields: Fields, key: string): readonly string[] {
  const value = fields[key]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A string, or undefined. */
export function textOf(fields: Fields, key: string): string | undefined {
  const value = fields[key]
  return typeof value === 'string' ? value : undefined
}

/** A port number, or undefined. */
export function portOf(fields: Fields, key: string): number | undefined {
  const value = fields[key]
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535 ? value : undefined
}
