import { expect, test } from 'vitest'
import { type Schema, schemaProblems } from './json-schema.ts'

const CLOSED = { type: 'object', additionalProperties: false, required: ['a'], properties: { a: { type: 'string' } } }

test.each<[string, Schema, unknown, unknown]>([
  ['type object', { type: 'object' }, {}, []],
  ['type array', { type: 'array' }, [], {}],
  ['type string', { type: 'string' }, '', 1],
  ['type integer', { type: 'integer' }, 3, 3.5],
  ['const', { const: true }, true, 'true'],
  ['enum', { enum: ['a', 'b'] }, 'b', 'c'],
  ['required', { required: ['a'] }, { a: 1 }, { b: 1 }],
  ['required, by prototype', { required: ['toString'] }, { toString: 1 }, {}],
  ['properties', { properties: { a: { const: 1 } } }, { a: 1 }, { a: 2 }],
  ['additionalProperties', CLOSED, { a: '' }, { a: '', b: '' }],
  ['items', { items: { enum: [1, 2] } }, [1, 2, 1], [1, 3]],
  ['minItems', { minItems: 1 }, [0], []],
  ['uniqueItems', { uniqueItems: true }, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 1 }]],
  ['minLength', { minLength: 1 }, 'a', ''],
  ['pattern', { pattern: '^a+$' }, 'aa', 'ab'],
  ['minimum', { minimum: 1 }, 1, 0],
  ['maximum', { maximum: 9 }, 9, 10],
  ['oneOf, none of them', { oneOf: [{ const: 1 }, { const: 2 }] }, 2, 3],
  ['oneOf, two of them', { oneOf: [{ minimum: 1 }, { maximum: 3 }] }, 5, 2],
  ['$ref', { $ref: '#/$defs/one', $defs: { one: { const: 1 } } }, 1, 2],
  ['$ref, deep', { items: { $ref: '#/$defs/one' }, $defs: { one: { items: { const: 1 } } } }, [[1]], [[1], [2]]],
])('%s holds one value and refuses the other', (_, schema, good, bad) => {
  expect(schemaProblems(schema, good)).toEqual([])
  expect(schemaProblems(schema, bad)).toHaveLength(1)
})

test('a problem is told with its path', () => {
  expect(schemaProblems({ properties: { a: { items: CLOSED } } }, { a: [{ a: '' }, {}] })).toEqual(['$.a[1]: has no a'])
})

test.each<[string, Schema]>([
  ['a keyword', { dependentRequired: {} }],
  ['a keyword deep inside', { properties: { a: { items: { format: 'ipv4' } } } }],
  ['a keyword that no value comes to', { $defs: { one: { properties: { b: { oneOf: [{ format: 'ipv4' }] } } } } }],
  ['a type', { type: 'number' }],
  ['a list of types', { type: ['string'] }],
  ['a reference', { $ref: '#/$defs/nothing' }],
  ['a draft', { $schema: 'http://json-schema.org/draft-07/schema#' }],
  ['additional properties of a kind', { additionalProperties: { type: 'string' } }],
  ['a boolean schema', { items: true }],
])('%s that it does not know is an error, not passed over', (_, schema) => {
  expect(() => schemaProblems(schema, { a: [''] })).toThrow(/unknown|known as|not draft|no schema/)
})
