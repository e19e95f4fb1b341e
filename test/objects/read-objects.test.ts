import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { readText } from './read-text.ts'

const object = (apiVersion: string, kind: string, metadata: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\n`

function read(files: Readonly<Record<string, string>>, defaultNamespace = 'default') {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }))
  const { objects, others, diagnostics } = readObjects(sources, { defaultNamespace })
  return { objects, others, lines: diagnostics.map(formatDiagnostic) }
}

describe('the same name twice', () => {
  test.each([
    ['v1', 'Pod', '{name: a, namespace: b}', 'b/a'],
    ['v1', 'Namespace', '{name: a, namespace: b}', 'a'],
    ['networking.k8s.io/v1', 'NetworkPolicy', '{name: a}', 'default/a'],
    ['apps/v1', 'Deployment', '{name: a}', 'default/a'],
    ['v1', 'Service', '{name: a}', 'default/a'],
  ])('%s %s is an error that names both places; the first stays', (apiVersion, kind, metadata, name) => {
    const text = object(apiVersion, kind, metadata)
    const { objects, others, lines } = read({ 'one.yaml': `# c\n${text}`, 'two.yaml': `${text}---\n${text}` })
    expect(lines).toEqual([
      `two.yaml:1:1: ${kind} "${name}" already exists, first at one.yaml:2:1; rename or remove one`,
      `two.yaml:5:1: ${kind} "${name}" already exists, first at one.yaml:2:1; rename or remove one`,
    ])
    expect([...objects, ...others].map(({ place }) => place?.file)).toEqual(['one.yaml'])
  })

  test('of other kinds, namespaces and groups is no problem', () => {
    const text = [
      object('v1', 'Pod', '{name: a}'),
      object('v1', 'Pod', '{name: a, namespace: b}'),
      object('apps/v1', 'Deployment', '{name: a}'),
      object('batch/v1', 'Job', '{name: a}'),
      object('v1', 'Service', '{name: a}'),
      object('networking.k8s.io/v1', 'Ingress', '{name: a}'),
    ].join('---\n')
    const { objects, others, lines } = read({ f: text })
    expect(lines).toEqual([])
    expect([objects.length, others.length]).toEqual([4, 2])
  })

  test('with the namespace written out or left to the default', () => {
    const text = `${object('v1', 'Pod', '{name: a}')}---\n${object('v1', 'Pod', '{name: a, namespace: shop}')}`
    expect(read({ f: text }, 'shop').lines).toEqual([
      'f:5:1: Pod "shop/a" already exists, first at f:1:1; rename or remove one',
    ])
  })
})

test('Service and Ingress are kept as they are', () => {
  const { objects, others } = read({ f: `${object('v1', 'Service', '{name: a, namespace: b}')}spec: {x: [1]}\n` })
  expect(objects).toEqual([])
  const value = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'b' }, spec: { x: [1] } }
  expect(others).toEqual([
    { kind: 'Service', namespace: 'b', name: 'a', value, place: { file: 'f', line: 1, column: 1 } },
  ])
})

test('skipped kinds make one note each, after everything else', () => {
  const secret = object('v1', 'Secret', '{name: a}')
  const text = [secret, object('x.io/v1', 'Secret', '{}'), secret, object('v1', 'Pod', '{}')].join('---\n')
  expect(read({ f: text, g: secret }).lines).toEqual([
    'f:15:11: metadata.name: Required value: name or generateName is required',
    'f:1:1: note: 3 objects of kind "Secret" ("v1") skipped',
    'f:5:1: note: one object of kind "Secret" ("x.io/v1") skipped',
  ])
})

test('problems come in the order of the file, all of them', () => {
  const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: A
spec:
  egress:
    - ports:
        - port: 0
  bogus: 1
  podSelector: 5
---
a: [
`
  expect(readText(text).diagnostics.map(({ place, code }) => `${place?.line}:${place?.column} ${code}`)).toEqual([
    '4:9 invalid-value',
    '8:17 invalid-value',
    '9:3 unknown-field',
    '10:16 wrong-type',
    '13:1 yaml-syntax',
  ])
})
