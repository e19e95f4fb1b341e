/** A JSON Schema (2020-12) as far as {@link schemaProblems} understands it. */
export type Schema = Readonly<Record<string, unknown>>

/**
 * What in a value breaks a schema, as `path: problem`; an empty list when nothing does. Knows the keywords below, and
 * throws on any other: a keyword that is passed over would hold nothing.
 */
export function schemaProblems(schema: Schema, value: unknown): readonly string[] {
  checkKeywords(schema)
  return check(schema, value, '$', schema)
}

/** All of the schema, wherever this value leads: a part that no value reaches today is held to the same. */
function checkKeywords(schema: Schema): void {
  for (const keyword of Object.keys(schema)) {
    if (!Object.hasOwn(CHECKS, keyword)) throw new Error(`unknown keyword: ${keyword}`)
  }
  const named = [schema['$defs'], schema['properties']].flatMap((schemas) => Object.values(schemaOf(schemas ?? {})))
  const inside = [...named, ...listOf(schema['oneOf'] ?? []), ...('items' in schema ? [schema['items']] : [])]
  for (const one of inside) checkKeywords(schemaOf(one))
}

type Check = (expected: unknown, value: unknown, path: string, schema: Schema, root: Schema) => readonly string[]

const none: readonly string[] = []
const unless = (holds: boolean, path: string, problem: string) => (holds ? none : [`${path}: ${problem}`])

/** As in the specification, a keyword says nothing about values of another type than its own. */
const CHECKS: Readonly<Record<string, Check>> = {
  $schema: (expected) => {
    if (expected !== 'https://json-schema.org/draft/2020-12/schema')
      throw new Error(`not draft 2020-12: ${String(expected)}`)
    return none
  },
  $defs: () => none,
  title: () => none,
  description: () => none,
  $ref: (reference, value, path, _, root) => check(resolve(String(reference), root), value, path, root),
  type: (expected, value, path) => {
    if (typeof expected !== 'string' || !TYPES.includes(expected)) throw new Error(`unknown type: ${String(expected)}`)
    return unless(isOfType(value, expected), path, `is no ${expected}`)
  },
  const: (expected, value, path) => unless(same(value, expected), path, `is not ${JSON.stringify(expected)}`),
  enum: (expected, value, path) =>
    unless(
      listOf(expected).some((one) => same(value, one)),
      path,
      `is none of ${JSON.stringify(expected)}`,
    ),
  oneOf: (schemas, value, path, _, root) => {
    const failures = listOf(schemas).map((one) => check(schemaOf(one), value, path, root))
    const holding = failures.filter((problems) => problems.length === 0).length
    return holding === 1 ? none : [`${path}: ${holding} of ${failures.length} hold: ${failures.flat().join(' | ')}`]
  },
  required: (names, value, path) =>
    isObject(value)
      ? listOf(names).flatMap((name) => unless(Object.hasOwn(value, String(name)), path, `has no ${String(name)}`))
      : none,
  properties: (properties, value, path, _, root) =>
    isObject(value)
      ? Object.entries(schemaOf(properties)).flatMap(([name, one]) =>
          Object.hasOwn(value, name) ? check(schemaOf(one), value[name], `${path}.${name}`, root) : none,
        )
      : none,
  additionalProperties: (allowed, value, path, schema) => {
    if (allowed !== false) throw new Error('additionalProperties is known as false only')
    const known = Object.keys(schemaOf(schema['properties'] ?? {}))
    return isObject(value)
      ? Object.keys(value).flatMap((name) => unless(known.includes(name), path, `has ${name}`))
      : none
  },
  items: (schema, value, path, _, root) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => check(schemaOf(schema), item, `${path}[${index}]`, root))
      : none,
  minItems: (least, value, path) =>
    unless(!Array.isArray(value) || value.length >= Number(least), path, `has fewer than ${String(least)} items`),
  uniqueItems: (_, value, path) =>
    unless(
      !Array.isArray(value) || new Set(value.map((item) => JSON.stringify(item))).size === value.length,
      path,
      'has an item twice',
    ),
  minLength: (least, value, path) =>
    unless(typeof value !== 'string' || value.length >= Number(least), path, 'is too short'),
  pattern: (pattern, value, path) =>
    unless(
      typeof value !== 'string' || new RegExp(String(pattern), 'u').test(value),
      path,
      `does not match ${String(pattern)}`,
    ),
  minimum: (least, value, path) => unless(typeof value !== 'number' || value >= Number(least), path, 'is too small'),
  maximum: (most, value, path) => unless(typeof value !== 'number' || value <= Number(most), path, 'is too large'),
}

const TYPES: readonly string[] = ['object', 'array', 'string', 'integer', 'boolean']

function check(schema: Schema, value: unknown, path: string, root: Schema): readonly string[] {
  return Object.entries(schema).flatMap(
    ([keyword, expected]) => CHECKS[keyword]?.(expected, value, path, schema, root) ?? none,
  )
}

function resolve(reference: string, root: Schema): Schema {
  const name = /^#\/\$defs\/(\w+)$/.exec(reference)?.[1] ?? ''
  const found = schemaOf(root['$defs'] ?? {})[name]
  if (found === undefined) throw new Error(`unknown reference: ${reference}`)
  return schemaOf(found)
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'object') return isObject(value)
  if (type === 'array') return Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function schemaOf(value: unknown): Schema {
  if (!isObject(value)) throw new Error(`no schema: ${JSON.stringify(value)}`)
  return value
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`no list: ${JSON.stringify(value)}`)
  return value
}
