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
    ['v1', 'Pod', '{name: a, namespace: b}', 'b/a', '', ', labels: {c: d}}'],
    ['v1', 'Namespace', '{name: a, namespace: b}', 'a', '', ', labels: {c: d}}'],
    ['networking.k8s.io/v1', 'NetworkPolicy', '{name: a}', 'default/a', 'spec: {podSelector: {matchLabels: {c: d}}}\n'],
    ['apps/v1', 'Deployment', '{name: a}', 'default/a', 'spec: {template: {metadata: {labels: {c: d}}}}\n'],
    ['v1', 'Service', '{name: a}', 'default/a', 'spec: {selector: {c: d}}\n'],
  ])(
    '%s %s is an error that names both places; the first stays',
    (apiVersion, kind, metadata, name, spec, labels = '}') => {
      const text = object(apiVersion, kind, metadata)
      const other = object(apiVersion, kind, metadata.replace('}', labels)) + spec
      const { objects, others, lines } = read({ 'one.yaml': `# c\n${text}`, 'two.yaml': `${other}---\n${other}` })
      expect(lines).toEqual(
        [1, other.split('\n').length + 1].map(
          (line) => `two.yaml:${line}:1: ${kind} "${name}" already exists, first at one.yaml:2:1; rename or remove one`,
        ),
      )
      expect([...objects, ...others].map(({ place }) => place?.file)).toEqual(['one.yaml'])
    },
  )

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
    const text = (labels: string) =>
      `${object('v1', 'Pod', '{name: a}')}---\n${object('v1', 'Pod', `{name: a, namespace: shop, labels: ${labels}}`)}`
    expect(read({ f: text('{}') }, 'shop').lines).toEqual([])
    expect(read({ f: text('{c: d}') }, 'shop').lines).toEqual([
      'f:5:1: Pod "shop/a" already exists, first at f:1:1; rename or remove one',
    ])
  })
})

describe('equal objects twice are one', () => {
  test.each([
    [
      'a Namespace',
      object('v1', 'Namespace', '{name: a}'),
      object('v1', 'Namespace', '{name: a, annotations: {b: c}}'),
    ],
    [
      'a Service, but for its status',
      `${object('v1', 'Service', '{name: a}')}spec: {selector: {b: c}}\n`,
      `${object('v1', 'Service', '{name: a, annotations: {b: c}}')}spec: {selector: {b: c}}\nstatus: {x: 1}\n`,
    ],
    [
      'a Deployment, but for what no policy looks at',
      `${object('apps/v1', 'Deployment', '{name: a}')}spec: {replicas: 1, template: {spec: {containers: [{image: x}]}}}\n`,
      `${object('apps/v1', 'Deployment', '{name: a}')}spec: {replicas: 2}\n`,
    ],
  ])('%s', (_, one, two) => {
    const { objects, others, lines } = read({ one, two })
    expect(lines).toEqual([])
    expect([...objects, ...others].map(({ place }) => place?.file)).toEqual(['one'])
  })

  test.each([
    [
      'labels of a Namespace',
      object('v1', 'Namespace', '{name: a}'),
      object('v1', 'Namespace', '{name: a, labels: {b: c}}'),
    ],
    [
      'the directions of a policy',
      `${object('networking.k8s.io/v1', 'NetworkPolicy', '{name: a}')}spec: {podSelector: {}, policyTypes: [Ingress]}\n`,
      `${object('networking.k8s.io/v1', 'NetworkPolicy', '{name: a}')}spec: {podSelector: {}, policyTypes: [Egress]}\n`,
    ],
    [
      'a port of a Service',
      `${object('v1', 'Service', '{name: a}')}spec: {ports: [{port: 1}]}\n`,
      `${object('v1', 'Service', '{name: a}')}spec: {ports: [{port: 2}]}\n`,
    ],
  ])('unequal ones are an error: %s', (_, one, two) => {
    expect(read({ one, two }).lines).toEqual([expect.stringContaining('already exists, first at one:1:1')])
  })
})

describe('generateName', () => {
  const job = (metadata: string) => object('batch/v1', 'Job', metadata)

  test('stands for an object of its own, each time', () => {
    const text = [
      job('{generateName: migrate-}'),
      job('{generateName: migrate-}'),
      job('{name: migrate-2}'),
      object('v1', 'Service', '{generateName: s-}'),
      object('networking.k8s.io/v1', 'NetworkPolicy', '{generateName: p-}') + 'spec: {podSelector: {}}\n',
    ].join('---\n')
    const { objects, others, lines } = read({ f: text })
    expect(lines).toEqual([])
    expect(objects.map(({ name }) => name)).toEqual(['migrate', 'migrate-3', 'migrate-2', 'p'])
    expect(objects.map((one) => (one.kind === 'Pod' ? one.workload?.name : ''))).toEqual([
      'migrate',
      'migrate-3',
      'migrate-2',
      '',
    ])
    expect(others).toEqual([])
  })

  test('a name of its own comes before it', () => {
    expect(read({ f: job('{name: a, generateName: b-}') }).objects.map(({ name }) => name)).toEqual(['a'])
  })

  test.each([
    ['""', 'f:3:11: metadata.name: Required value: name or generateName is required'],
    ['5', 'f:3:26: metadata.generateName: Invalid value: 5: must be a string; put it in quotes: "5"'],
  ])('%s is none', (written, line) => {
    expect(read({ f: job(`{generateName: ${written}}`) }).lines[0]).toBe(line)
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
