import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../compiler/objects/diagnostic.ts'
import type { FieldPath } from '../../compiler/objects/field-path.ts'
import { createLineIndex } from '../../compiler/objects/line-index.ts'
import type { Locator } from '../../compiler/objects/locator.ts'
import { parseAnyYaml, type ParsedDocument } from '../../compiler/objects/parse-yaml.ts'
import { readPlainYaml } from '../../compiler/objects/plain-yaml.ts'
import { createPlainYamlLocator } from '../../compiler/objects/plain-yaml-locator.ts'
import { madeUpManifests, manySmallDocuments } from '../bench/made-up-manifests.ts'
import { madeUpRepository } from '../bench/made-up-repository.ts'
import { splitDocuments } from '../../compiler/objects/split-documents.ts'
import { yamlTexts } from '../arbitraries/yaml-texts.ts'
import { lawParameters } from '../support/law-parameters.ts'

const OFFSET = 7

function byParser(text: string): {
  readonly documents: readonly ParsedDocument[]
  readonly problems: readonly Diagnostic[]
} {
  const problems: Diagnostic[] = []
  const documents = [...parseAnyYaml(text, OFFSET, linesOf(text), (problem) => problems.push(problem))]
  return { documents, problems }
}

function linesOf(text: string) {
  return createLineIndex('f', 'before\n'.slice(0, OFFSET) + text)
}

/** Every path in a value, and from each part one that leads nowhere. */
function* pathsIn(value: unknown, path: FieldPath = []): Generator<FieldPath> {
  yield path
  yield [...path, 'nowhere']
  yield [...path, 9, 'x']
  if (typeof value !== 'object' || value === null) return
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value)
  for (const [step, part] of entries) yield* pathsIn(part, [...path, step])
}

function placesOf(locator: Locator, value: unknown): readonly unknown[] {
  return [...pathsIn(value)].flatMap((path) =>
    (['key', 'value'] as const).map((part) => ({ path, part, place: locator.place(path, part) })),
  )
}

function expectSame(text: string): boolean {
  const plain = readPlainYaml(text)
  if (plain === undefined) return false
  const { documents, problems } = byParser(text)
  expect({ text, problems, count: documents.length }).toEqual({ text, problems: [], count: 1 })
  const [document] = documents
  expect({ text, value: plain.value }).toStrictEqual({ text, value: document?.value })
  expect(JSON.stringify(plain.value)).toBe(JSON.stringify(document?.value))
  const locator = createPlainYamlLocator(text, OFFSET, plain.root, linesOf(text))
  expect({ text, places: placesOf(locator, plain.value) }).toEqual({
    text,
    places: document && placesOf(document.locator, document.value),
  })
  return true
}

test('law: what is read without the parser is what the parser reads, value and places; or it is left to it', () => {
  const met = { read: 0, leftRight: 0, leftWrong: 0 }
  fc.assert(
    fc.property(yamlTexts(), (text) => {
      if (expectSame(text)) met.read += 1
      else met[byParser(text).problems.length > 0 ? 'leftWrong' : 'leftRight'] += 1
    }),
    lawParameters(3000),
  )
  // Most that is left is wrong or odd.
  expect(met.read).toBeGreaterThan(300)
  expect(met.leftWrong).toBeGreaterThan(300)
  expect(met.leftRight).toBeGreaterThan(0)
})

test('what manifests are made of is read without the parser', () => {
  const texts = [manySmallDocuments(30), madeUpRepository({ workloads: 50 }), madeUpManifests(SMALL)]
  const pieces = texts.flatMap(splitDocuments).map(({ text }) => text)
  expect(pieces.length).toBeGreaterThan(80)
  expect(pieces.filter((text) => !expectSame(text))).toEqual([])
})

const SMALL = { definitions: 1, fields: 3, workloads: 1, others: 1 }

test.each([
  ['an anchor', 'a: &x b\nc: *x\n', { a: 'b', c: 'b' }],
  ['a merge key', 'a: &x {b: c}\nd:\n  <<: *x\n', { a: { b: 'c' }, d: { b: 'c' } }],
  ['a scalar of several lines', 'a: b\n  c\nd: "e\n  f"\n', { a: 'b c', d: 'e f' }],
  ['a folded scalar', 'a: >\n  b\n  c\n', { a: 'b c\n' }],
  ['a tab before a comment, or at the end', 'a: b\t# c\nd: e\t\n', { a: 'b', d: 'e' }],
  ['lines that end with CR LF', 'a: b\r\nc: [d]\r\n', { a: 'b', c: ['d'] }],
])('%s is left to the parser', (_, text, value) => {
  expect(readPlainYaml(text)).toBeUndefined()
  expect(byParser(text).documents.map((document) => document.value)).toEqual([value])
})
