import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readDocuments } from '../../compiler/objects/read-documents.ts'

const valuesOf = (text: string) => readDocuments('f', text).documents.map(({ value }) => value)
const linesOf = (text: string) => readDocuments('f', text).diagnostics.map(formatDiagnostic)

/** Where a field of the last document is, as `line:column`. */
function placeOf(text: string, path: readonly (string | number)[], part?: 'key' | 'value'): string | undefined {
  const place = readDocuments('f', text).documents.at(-1)?.place(path, part)
  return place && `${place.line}:${place.column}`
}

describe('documents', () => {
  test.each([
    ['nothing', '', []],
    ['blanks and comments', '\n  \n# only\n', []],
    ['empty documents', '---\n---\n# c\n---\nnull\n---\n~\n', []],
    ['one', 'a: 1', [{ a: 1 }]],
    ['several', 'a: 1\n---\nb: 2\n--- # c\nc: 3\n--- {d: 4}\n', [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]],
    ['carriage returns', 'a: 1\r\n---\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]],
    ['a byte order mark', '\uFEFFa: 1\n', [{ a: 1 }]],
    ['no separator', 'a: x\nb: ---\nc: "---"\n', [{ a: 'x', b: '---', c: '---' }]],
    ['indented separators', 'a: |\n  ---\n  x\n---\nb: 1\n', [{ a: '---\nx\n' }, { b: 1 }]],
    ['longer dashes', 'a: 1\n---\n----\n', [{ a: 1 }, '----']],
    ['directives and ends', '%YAML 1.2\n---\na: 1\n...\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['only directives', '%YAML 1.2\n---\na: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['dashes with text', 'a\n---b\n', ['a ---b']],
    ['JSON', '{"a": [1, {"b": null}]}', [{ a: [1, { b: null }] }]],
    ['JSON in a row', '{"a": 1}\n{"a": 2}{"a": 3}', [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ['JSON between separators', '---\n{"a": 1}\n---\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    ['flow YAML that only looks like JSON', '{a: 1, b: [x]}', [{ a: 1, b: ['x'] }]],
    ['aliases', 'a: &x {b: 1}\nc: *x\nd: [*x]\n', [{ a: { b: 1 }, c: { b: 1 }, d: [{ b: 1 }] }]],
    ['an anchor given twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', [{ a: 1, b: 1, c: 2, d: 2 }]],
    [
      'merge keys',
      'a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\nc: {<<: [{k: 5}, *x]}\n',
      [{ a: { k: 1, l: 2 }, b: { k: 3, l: 2 }, c: { k: 5, l: 2 } }],
    ],
    ['unknown tags', 'a: !foo x\nb: !!binary aGk=\n', [{ a: 'x', b: 'aGk=' }]],
  ])('%s', (_, text, values) => {
    expect(linesOf(text)).toEqual([])
    expect(valuesOf(text)).toEqual(values)
  })

  test('__proto__ is a key like any other', () => {
    for (const text of ['__proto__: {a: 1}', '{"__proto__": {"a": 1}}', 'x: &x {__proto__: {a: 1}}\nz: {<<: *x}']) {
      const [value] = valuesOf(text) as [Record<string, unknown>]
      const holder = value['z'] ?? value
      expect(Object.getPrototypeOf(holder)).toBe(Object.prototype)
      expect(Object.keys(holder)).toEqual(['__proto__'])
    }
  })
})

describe('lists are their items', () => {
  test.each([
    ['List', '{apiVersion: v1, kind: List, items: [{kind: A}, {kind: B}]}', [{ kind: 'A' }, { kind: 'B' }]],
    [
      'lists in lists',
      '{kind: List, items: [{kind: A}, {kind: List, items: [{kind: B}]}, {kind: C}]}',
      [{ kind: 'A' }, { kind: 'B' }, { kind: 'C' }],
    ],
    ['no items', '{kind: List}', []],
    ['null items', '{kind: PodList, items: null}', []],
    [
      'a list of one kind, as the API has it',
      '{apiVersion: v1, kind: PodList, items: [{a: 1}, {kind: X, apiVersion: z}]}',
      [
        { apiVersion: 'v1', kind: 'Pod', a: 1 },
        { kind: 'X', apiVersion: 'z' },
      ],
    ],
    ['items that are no objects', '{kind: List, items: [5, null]}', [5, null]],
  ])('%s', (_, text, values) => {
    expect(linesOf(text)).toEqual([])
    expect(valuesOf(text)).toEqual(values)
    const json = JSON.stringify(
      readDocuments('f', `a: ${text}`).documents.map(({ value }) => (value as { a: unknown }).a)[0],
    )
    expect(valuesOf(json)).toEqual(values)
  })

  test('whose items are no list are an error', () => {
    expect(linesOf('kind: List\nitems: {}\n')).toEqual(['f:2:8: items: Invalid value: {...}: must be a list'])
  })
})

describe('places', () => {
  const yaml = `# c
a:
  b: 1
  c: [x, {y: z}]
  d:
    - p: 1
    -
      q: 2
    -
  e: &anchor {f: 1}
  g: *anchor
  h: ""
  i:
`
  test.each([
    [[], '2:1'],
    [['a'], '2:1'],
    [['a', 'b'], '3:6'],
    [['a', 'c'], '4:6'],
    [['a', 'c', 0], '4:7'],
    [['a', 'c', 1, 'y'], '4:14'],
    [['a', 'd'], '5:3'],
    [['a', 'd', 0], '6:7'],
    [['a', 'd', 1, 'q'], '8:10'],
    [['a', 'e', 'f'], '10:18'],
    [['a', 'g', 'f'], '10:18'],
    [['a', 'h'], '12:6'],
    [['a', 'i'], '13:3'],
    [['a', 'd', 7], '5:3'],
    [['a', 'missing', 'x'], '2:1'],
    [['a', 'b', 'x'], '3:6'],
  ])('YAML %j is at %s', (path, place) => {
    expect(placeOf(yaml, path)).toBe(place)
  })

  test('a field without a place of its own is where its parent is', () => {
    expect(placeOf(yaml, ['a', 'd', 2])).toBe('9:6')
    expect(placeOf('a: &x {b: 1}\nc:\n  <<: *x\n', ['c', 'b'])).toBe('2:1')
  })

  const json = '{"a": {"b" : 1,\n "c": ["x", {"y\\u0041": "\\"}]\\\\"}, []],\n "d\\n": {}}}'
  test.each([
    [[], '1:1'],
    [['a'], '1:7'],
    [['a', 'b'], '1:14'],
    [['a', 'c', 0], '2:8'],
    [['a', 'c', 1, 'yA'], '2:25'],
    [['a', 'c', 2], '2:36'],
    [['a', 'd\n'], '3:9'],
    [['a', 'c', 9], '2:7'],
    [['a', 'b', 'x'], '1:14'],
  ])('JSON %j is at %s', (path, place) => {
    expect(placeOf(json, path)).toBe(place)
  })

  test('a key has a place too', () => {
    expect(placeOf(yaml, ['a', 'b'], 'key')).toBe('3:3')
    expect(placeOf(json, ['a', 'b'], 'key')).toBe('1:8')
    expect(placeOf(json, ['a', 'c', 1, 'yA'], 'key')).toBe('2:14')
  })

  test('of later documents and of items of lists', () => {
    expect(placeOf(`${yaml}---\nkind: List\nitems:\n- a: 1\n- {a: 2}\n`, ['a'])).toBe('18:7')
    expect(placeOf('{"a": 1}\n {"kind": "List", "items": [{"a": 1},\n {"a": 2}]}', ['a'])).toBe('3:8')
    expect(placeOf('{"a": 1}\n---\n\n {"b": 1}', [])).toBe('4:2')
    expect(placeOf('%YAML 1.2\n---\na: 1\n...\n---\nb:\n c: 2\n', ['b', 'c'])).toBe('7:5')
    expect(placeOf('\uFEFFa: 1', ['a'])).toBe('1:4')
  })
})

describe('what cannot be read is an error, and spares the other documents', () => {
  test.each([
    [
      'a: [1',
      ['f:1:6: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    ['\ta: 1', ['f:1:1: not valid YAML: Tabs are not allowed as indentation; indent with spaces']],
    ['a: 1\nb: 2\na: 3', ['f:3:1: key "a" appears twice in one mapping, first at f:1:1']],
    ['{"a": 1, "b": {"a": 1,\n"a": 2}}', ['f:2:1: key "a" appears twice in one mapping, first at f:1:16']],
    ['{"a": 1, "\\u0061": 2}', ['f:1:10: key "a" appears twice in one mapping, first at f:1:2']],
    ['x: {k: 1, "k": 2}', ['f:1:11: key "k" appears twice in one mapping, first at f:1:5']],
    ['a\0b: 1', ['f:1:2: not text: control character 0x00; expected YAML or JSON in UTF-8']],
    ['a: "\u001b[31m"', ['f:1:5: not text: control character 0x1b; expected YAML or JSON in UTF-8']],
    ['a: *b', ['f:1:4: anchor "b" is used before it is defined']],
    ['a: &b [*b]', ['f:1:8: anchor "b" contains itself']],
    ['{<<: 5}', ['f:1:2: a merge key (<<) takes mappings only']],
    [
      `{"a": 1 ${' '.repeat(4_000_000)}"b": 2}`,
      ["f:1:4000009: not valid JSON: Expected ',' or '}' after property value"],
    ],
  ])('%.40s', (text, lines) => {
    expect(linesOf(text)).toEqual(lines)
    expect(valuesOf(text)).toEqual([])
    if (!lines[0]!.includes('not text'))
      expect(valuesOf(`ok: 1\n---\n${text}\n---\nok: 2\n`)).toEqual([{ ok: 1 }, { ok: 2 }])
  })

  test('all errors of a document are told, within reason', () => {
    const lines = linesOf('a: b: c\n'.repeat(1000))
    expect(lines).toHaveLength(21)
    expect(lines[20]).toMatch(/^f:\d+:\d+: not valid YAML: \d+ more errors$/)
  })

  test.each([
    ['flow', `a: ${'['.repeat(20_000)}`],
    ['closed flow', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['block', `${'- '.repeat(20_000)}a`],
  ])('nesting without end: %s', (_, text) => {
    expect(linesOf(text)).toEqual([expect.stringMatching(/^f:1:\d+: nested too deeply$/)])
  })

  test('nesting without end in a field of JSON is no error here, and no crash', () => {
    expect(linesOf(`{"a": ${'['.repeat(500_000)}${']'.repeat(500_000)}}`)).toEqual([])
  })

  const level = (index: number) =>
    `a${index}: &a${index} [${Array<string>(9)
      .fill(`*a${index - 1}`)
      .join(', ')}]`
  const manyKeys = Array.from({ length: 2_000 }, (_, index) => `k${index}: 1`).join(', ')
  test.each([
    ['lists in lists', ['a0: &a0 [x, x]', ...Array.from({ length: 60 }, (_, index) => level(index + 1))].join('\n')],
    ['one long list, often', `a: &a [${'1, '.repeat(2_000)}]\nb: [${'*a, '.repeat(2_000)}]`],
    ['one large mapping, merged often', `a: &a {${manyKeys}}\nb: [${'{<<: *a}, '.repeat(2_000)}]`],
  ])('a bomb: %s', (_, text) => {
    expect(linesOf(text)).toEqual(['f:1:1: its aliases stand for more than 1000000 values; write the values out'])
  })

  test('many harmless aliases are no bomb', () => {
    expect(linesOf(`a: &a x\nb: [${'*a, '.repeat(20_000)}]`)).toEqual([])
  })
})

describe('large inputs are read in one go', () => {
  test.each([
    ['a line of 10 MB', `a: ${'x'.repeat(10_000_000)}`, 1],
    ['a quoted line of 10 MB', `a: "${'x'.repeat(10_000_000)}"`, 1],
    ['10,000 documents', 'a: 1\n---\n'.repeat(10_000), 10_000],
    ['a mapping of 50,000 keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join('\n'), 1],
    [
      '20 MB of JSON',
      JSON.stringify({ kind: 'List', items: Array<unknown>(20_000).fill({ a: 'x"y'.repeat(300) }) }),
      20_000,
    ],
  ])('%s', (_, text, count) => {
    const { documents, diagnostics } = readDocuments('f', text)
    expect(diagnostics).toEqual([])
    expect(documents).toHaveLength(count)
    expect(documents.map(({ place }) => place([])?.file)).toHaveLength(count)
  })
})

test.each([
  ['closed again', `${'['.repeat(2000)}${']'.repeat(2000)}`],
  ['never closed', '['.repeat(2000)],
  ['behind the start of a document', `---\n${'[ \n'.repeat(2000)}`],
])('a thousand lists in one another, before anything else, are refused unread: %s', (_, text) => {
  const { documents, diagnostics } = readDocuments('f', text)
  expect(documents).toEqual([])
  expect(diagnostics.map(({ code, problem }) => [code, problem])).toEqual([['json-depth', 'nested too deeply']])
})

test('brackets in a text are no nesting', () => {
  const { documents, diagnostics } = readDocuments('f', `{"a": "${'['.repeat(2000)}"}`)
  expect([documents.length, diagnostics]).toEqual([1, []])
})
