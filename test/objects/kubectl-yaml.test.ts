import { expect, test } from 'vitest'
import { readDocuments } from '../../compiler/objects/read-documents.ts'
import corpus from './cases/sigs-yaml.json' with { type: 'json' }

/*
 * What kubectl's parser (sigs.k8s.io/yaml 1.4.0, YAMLToJSON) made of texts, half of them written by hand and half made by
 * chance with brackets, quotes, tabs and line breaks at every place; without `value` it refused the text.
 */
const texts: readonly { readonly text: string; readonly value?: unknown }[] = corpus

/** Read by both, and not alike. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'a: 1\na: 2': 'kubectl takes the last of two equal keys without a word; here the author is told',
  'a: {b: 1, b: 2}': 'as above',
  '"a":1': 'kubectl reads the string "a" and passes over the rest',
  'a: {x, y}': 'a key y is a boolean to kubectl: keys are strings here',
  'a: {b:}': 'kubectl reads a key "b:"',
  'a: !!binary aGk=': 'nothing that policy looks at is binary',
}

/** Of a block scalar that ends with the file, without a line break: kubectl's has none at its end either. */
const LAST_BREAK = /^(?:a:[ \t])?\|/

test('what kubectl reads is read, and means the same', () => {
  const read = texts.filter(({ text, value }) => value !== undefined && !(text in KNOWN_DIFFERENCES))
  expect(read.length).toBe(299)
  for (const { text, value } of read.filter((one) => !LAST_BREAK.test(one.text))) {
    const { documents, diagnostics } = readDocuments('f', text)
    expect({ text, diagnostics, value: documents[0]?.value ?? null }).toEqual({ text, diagnostics: [], value })
  }
})

test('the known differences are some still', () => {
  for (const { text, value } of texts.filter((one) => one.text in KNOWN_DIFFERENCES)) {
    expect({ text, value: readDocuments('f', text).documents[0]?.value }).not.toEqual({ text, value })
  }
})

test('places are those of the text as it was written', () => {
  const { documents } = readDocuments('f', 'a:\n  b: [\n\t1,\n2,\n  ]\n  c: "x\ny"\n  d: 5\n')
  const placeOf = (path: readonly (string | number)[]) => documents[0]?.place(path)
  expect(placeOf(['a', 'b', 1])).toEqual({ file: 'f', line: 4, column: 1 })
  expect(placeOf(['a', 'd'])).toEqual({ file: 'f', line: 8, column: 6 })
})
