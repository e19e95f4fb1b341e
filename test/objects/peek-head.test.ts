import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { peekHead } from '../../compiler/objects/peek-head.ts'
import { readDocuments } from '../../compiler/objects/read-documents.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { madeUpManifests } from '../bench/made-up-manifests.ts'

const numRuns = Number(process.env['FC_RUNS'] ?? 1_000)

/** The whole document parsed: behind a directive nobody peeks. */
function parsed(text: string) {
  const { documents, diagnostics } = readDocuments('f', `%YAML 1.1\n${text.startsWith('---') ? '' : '---\n'}${text}`)
  return { values: documents.map(({ value }) => value as Record<string, unknown>), diagnostics }
}

describe('apiVersion and kind are seen', () => {
  test.each([
    ['plain', 'apiVersion: a/v1\nkind: B\nmetadata: {}\n'],
    ['the other way round', 'kind: B\napiVersion: a/v1\nmetadata: {}\n'],
    ['behind comments', '# c: "\n\n  # d\napiVersion: a/v1 # e\n\n# f\nkind: B   # g\nspec:\n- a\n'],
    ['behind dashes', '--- # c\napiVersion: a/v1\nkind: B\nspec: |\n  kind: C\n'],
    ['with carriage returns', 'apiVersion: a/v1\r\nkind: B\r\nspec: "\r\n x"\r\n'],
  ])('%s', (_, text) => {
    expect(peekHead(text)).toMatchObject({ apiVersion: 'a/v1', kind: 'B' })
    expect(parsed(text).values[0]).toMatchObject({ apiVersion: 'a/v1', kind: 'B' })
  })
})

describe('in doubt the whole document is parsed', () => {
  test.each([
    ['twice', 'apiVersion: a\nkind: B\nspec: x\nkind: NetworkPolicy\n'],
    ['twice, quoted', 'apiVersion: a\nkind: B\n"kind": NetworkPolicy\n'],
    ['twice, at once', 'apiVersion: a\nkind: B\nkind: NetworkPolicy\n'],
    ['an explicit key', 'apiVersion: a\nkind: B\n? kind\n: NetworkPolicy\n'],
    ['a merge', 'apiVersion: a\nkind: B\n<<: {kind: C}\n'],
    ['a word that goes on', 'apiVersion: a\nkind: B\n  C\n'],
    ['a word that goes on after an empty line', 'apiVersion: a\nkind: B\n\n  C\n'],
    ['in quotes', 'apiVersion: a\nkind: "B"\n'],
    ['a boolean', 'apiVersion: a\nkind: yes\nmetadata: {}\n'],
    ['in brackets', '{\napiVersion: a,\nkind: B\n}\n'],
    ['in a quoted text', 'x: "\napiVersion: a\nkind: B\n"\nspec: {}\n'],
    ['in a block of text', 'x: |\n apiVersion: a\n kind: B\nspec: {}\n'],
    ['indented', '  apiVersion: a\n  kind: B\n'],
    ['two documents', 'apiVersion: a\nkind: B\n...\n---\nkind: C\n'],
    ['a lone carriage return', 'apiVersion: a\nkind: B\nx: y\rkind: C\n'],
    ['one of the two', 'kind: B\nmetadata: {}\n'],
    ['an alias', 'apiVersion: &x a\nkind: *x\n'],
  ])('%s', (_, text) => {
    expect(peekHead(text)).toBeUndefined()
  })
})

const line = fc.constantFrom(
  'apiVersion: v1',
  'apiVersion: a/v1 # c',
  'kind: Secret',
  'kind: Pod',
  'kind:',
  'kind: "Pod"',
  '"kind": Pod',
  '? kind',
  ': Pod',
  '<<: {kind: Pod}',
  '  kind: Pod',
  '  x',
  '- kind: Pod',
  '- x',
  'x: |',
  'x: "',
  '"',
  "x: '",
  "'",
  'x: [',
  ']',
  'x: {',
  '}',
  '# kind: Pod',
  '',
  '  ',
  '\t',
  'metadata: {name: a}',
  'metadata:',
  '  name: a',
  '---',
  '...',
  '%YAML 1.1',
  '--- # c',
  'kind : Pod',
  'kind: Pod\r',
  'kind: ~',
  'kind: !x Pod',
  'kind: Pod: x',
)

/** What a document may hold, each under a key of its own. */
const field = fc.constantFrom(
  'metadata: {name: a}',
  'metadata:\n  kind: Pod',
  'spec: |\nXX  kind: Pod\n\n  x',
  'items:\n- kind: Pod\n  apiVersion: v1',
  'y: "a\n  kind: Pod"',
  "z: 'a\n\n  b'",
  'flow: [a,\n  kind: Pod ]',
  'word: a\n  kind',
  '# kind: Pod',
  '',
)
const part = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(field, fc.nat()).map(([text, key]) => text.replace('XX', '').replace(/^\w+/, `k${key}`)),
  },
  { weight: 1, arbitrary: line },
)

test('whatever is seen is what parsing finds, where it can be parsed', () => {
  let seen = 0
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.boolean(), (lines, head) => {
      const text = [...(head ? ['apiVersion: v1', 'kind: Secret'] : []), ...lines].join('\n')
      const peeked = peekHead(text)
      if (peeked === undefined) return
      const { values, diagnostics } = parsed(text)
      if (diagnostics.length > 0) return
      seen += 1
      expect(values).toHaveLength(1)
      expect(values[0]).toMatchObject({ apiVersion: peeked.apiVersion, kind: peeked.kind })
    }),
    { numRuns },
  )
  expect(seen).toBeGreaterThan(numRuns / 20)
})

test('objects and diagnostics are those of a full parse', () => {
  const text = madeUpManifests({ definitions: 2, fields: 10, workloads: 5, others: 5 })
  const plain = (source: string) => {
    const { objects, others, diagnostics } = readObjects([{ file: 'f', text: source }], { defaultNamespace: 'default' })
    return JSON.stringify([objects, others, diagnostics.map(formatDiagnostic)])
  }
  // With quotes around each kind nothing is seen without parsing; the places stay.
  const full = text.replace(/^kind: (\w+)$/gm, 'kind: "$1"')
  expect(plain(text)).toBe(plain(full))
  expect(readDocuments('f', text).documents.filter(({ head }) => head !== undefined)).toHaveLength(12)
  expect(readDocuments('f', full).documents.filter(({ head }) => head !== undefined)).toHaveLength(0)
})

test('what is of a foreign kind is parsed when its value is asked for', () => {
  const { documents, diagnostics } = readDocuments('f', '# c\napiVersion: a/v1\nkind: B\nspec: {x: 1}\n')
  const [document] = documents
  expect(document?.head).toMatchObject({ apiVersion: 'a/v1', kind: 'B' })
  expect(document?.place([])).toEqual({ file: 'f', line: 2, column: 1 })
  expect(document?.value).toEqual({ apiVersion: 'a/v1', kind: 'B', spec: { x: 1 } })
  expect(document?.place(['spec', 'x'])).toEqual({ file: 'f', line: 4, column: 11 })
  expect(diagnostics).toEqual([])
})
