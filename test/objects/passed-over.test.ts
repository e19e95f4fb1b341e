import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n'

/** Reads files of a folder `in`, found there, beside a manifest with a Pod. */
function found(files: Readonly<Record<string, string>>, beside = POD) {
  const all = { ...files, ...(beside !== '' && { 'pod.yaml': beside }) }
  const sources = Object.entries(all).map(([name, text]) => ({ file: `in/${name}`, text, directory: 'in' }))
  const { objects, diagnostics } = readObjects(sources, { defaultNamespace: 'default' })
  return { names: objects.map(({ name }) => name), lines: diagnostics.map(formatDiagnostic) }
}

const given = (text: string) =>
  readObjects([{ file: 'f', text }], { defaultNamespace: 'default' }).diagnostics.map(formatDiagnostic)

describe('in a folder, what is no Kubernetes object is passed over, and told', () => {
  test.each([
    ['values of a chart', 'replicas: 2\nkind: DaemonSet\nnetworkPolicy: {enabled: true, ingress: [{from: []}]}\n'],
    ['a list', '- op: add\n  path: /x\n'],
    ['a word', 'root:x:0:0:root:/root:/bin/sh\n'],
    ['JSON with comments', '{\n  // strict\n  "compilerOptions": {"strict": true,}\n}\n'],
    ['broken YAML that speaks of no kind', 'a: b: c\n- d\n'],
  ])('%s', (_, text) => {
    const { names, lines } = found({ 'x.yaml': text })
    expect(names).toEqual(['a'])
    expect(lines).toEqual([expect.stringMatching(/^in\/x\.yaml:\d:\d+: note: no Kubernetes object: passed over$/)])
  })

  test.each([
    [
      'a kustomization without a kind',
      'k/kustomization.yaml',
      'resources: [a.yaml]\nnamePrefix: x-\n',
      'a kustomization: passed over; what it changes is not in the answer: kubectl kustomize in/k | selvedge ... -f -',
    ],
    [
      'a kustomization with one',
      'kustomization.yaml',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
      'a kustomization: passed over; what it changes is not in the answer: kubectl kustomize in | selvedge ... -f -',
    ],
    [
      'a chart',
      'c/Chart.yaml',
      'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
      'a Helm chart: passed over; what it makes is not in the answer: helm template in/c | selvedge ... -f -',
    ],
    [
      'a template',
      'c/templates/sub/x.yaml',
      'kind: Service\nmetadata:\n  name: {{ include "x" . }}\n',
      'a template (it has {{ }}, as Helm charts have): passed over; render it: helm template in/c | selvedge ... -f -',
    ],
    [
      'a template that is YAML as it stands',
      'a b/templates/x.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Release.Name }}"}\n',
      'a template (it has {{ }}, as Helm charts have): passed over; render it: helm template "in/a b" | selvedge ... -f -',
    ],
  ])('%s, with the command that renders it', (_, file, text, line) => {
    const { names, lines } = found({ [file]: text })
    expect({ names, lines: lines.map((one) => one.replace(/^[^:]*:\d+:\d+: /, '')) }).toEqual({
      names: ['a'],
      lines: [`note: ${line}`],
    })
  })

  test('a template of policies is a warning', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  {{- if .Values.x }}\n  podSelector: {}\n'
    expect(found({ 'templates/p.yaml': text }).lines).toEqual([
      'in/templates/p.yaml:4:5: warning: a template (it has {{ }}, as Helm charts have) with NetworkPolicies: passed over; ' +
        'render it: helm template in | selvedge ... -f -',
    ])
  })

  test('many of a sort make one line', () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`${index}.yaml`, 'a: 1\n---\nb: 1\n']))
    const rest = [1, 2, 3, 4, 5].map((index) => `in/${index}.yaml`).join(', ')
    expect(found(files).lines).toEqual([
      `in/0.yaml:1:1: note: no Kubernetes object: passed over; so are ${rest}, 3 more`,
    ])
  })

  test('nothing else in it is an error: a wrong folder must not look like a cluster without policies', () => {
    expect(found({ 'x.yaml': 'a: 1\n' }, '').lines[0]).toBe('in: holds no Kubernetes object')
    expect(found({ 'x.yaml': 'a: 1\n' }, 'apiVersion: v1\nkind: Secret\n').lines).not.toContain(
      'in: holds no Kubernetes object',
    )
  })
})

describe('what may have been meant to be an object is never passed over', () => {
  const missing = "kind: Required value: Object 'Kind' is missing"
  test.each([
    ['policyTypes without a kind', 'spec:\n  policyTypes: [Ingress]\n', `in/x.yaml:1:1: ${missing}`],
    ['podSelector at the root', 'podSelector: {}\n', `in/x.yaml:1:1: ${missing}`],
    [
      'a policy in a list',
      '- spec: {podSelector: {}}\n',
      'in/x.yaml:1:1: no Kubernetes object: must be a mapping with',
    ],
    ['metadata without a kind', 'apiVersion: v1\nmetadata: {name: a}\n', `in/x.yaml:1:1: ${missing}`],
    ['nothing but a kind', 'kind: Pod\n', "in/x.yaml:1:1: apiVersion: Required value: Object 'apiVersion' is missing"],
    ['a misspelt kind', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolcy\n', 'in/x.yaml:2:7: no matches for kind'],
    ['broken YAML that speaks of a kind', 'kind: Pod\na: b: c\n', 'in/x.yaml:2:4: not valid YAML'],
    ['a name that is none, without a template', `${POD.replace('a}', '"{x}"}')}`, 'in/x.yaml:3:18: metadata.name'],
  ])('%s', (_, text, line) => {
    expect(found({ 'x.yaml': text }).lines[0]).toContain(line)
  })

  test('by chance: whatever has podSelector or policyTypes where a policy has them', () => {
    const key = fc.constantFrom('a', 'kind', 'apiVersion', 'metadata', 'name', 'version', 'resources', 'spec')
    const value = fc.constantFrom<unknown>('x', 1, null, [], {}, { name: 'a' })
    const policyField = fc.constantFrom('podSelector', 'policyTypes')
    fc.assert(
      fc.property(fc.dictionary(key, value), policyField, fc.boolean(), (fields, field, inSpec) => {
        const policy = inSpec ? { ...fields, spec: { [field]: {} } } : { ...fields, [field]: {} }
        const { diagnostics } = readObjects([{ file: 'f', text: JSON.stringify(policy), directory: '.' }], {
          defaultNamespace: 'default',
        })
        expect(diagnostics.filter(({ code }) => code === 'passed-over')).toEqual([])
      }),
    )
  })
})

describe('given by its name, it is an error', () => {
  test.each([
    ['a: 1\n', "f:1:1: kind: Required value: Object 'Kind' is missing"],
    ['- a\n', 'f:1:1: no Kubernetes object: must be a mapping with apiVersion and kind'],
    [
      'kind: {{ .Values.kind }}\n---\na: {{ b }}\n',
      'f:1:8: a template (it has {{ }}, as Helm charts have), not a manifest; render it: helm template . | selvedge ... -f -',
    ],
  ])('%j', (text, line) => {
    expect(given(text)[0]).toBe(line)
  })
})

test('nothing is quoted of a text that speaks of no kind', () => {
  const secrets = [
    'root:x:0:0:hunter2\n',
    'hunter2: 1\nhunter2: 2\n',
    '{"hunter2": 1, "hunter2": 2}',
    '{"a": hunter2 ',
    `{"a" ${' '.repeat(4_000_000)} hunter2}`,
    'a: *hunter2\n',
    'a: !hunter2!x y\n',
    'a: "\\hunter2"\n',
    'a: |hunter2\n  x\n',
    'a: [hunter2\n',
    '@hunter2: x\n',
    'a: b: hunter2: c\n',
    '%hunter2 x\n---\n%\n',
    '- hunter2\nhunter2: - x\n',
  ]
  for (const text of secrets) {
    const told = given(text)
    expect({ text, told: told.length > 0 }).toEqual({ text, told: true })
    expect({ text: text.slice(0, 100), told: told.filter((line) => line.includes('hunter2')) }).toEqual({
      text: text.slice(0, 100),
      told: [],
    })
  }
})

test('policies of other engines are told with a warning', () => {
  const kinds = [
    ['cilium.io/v2', 'CiliumNetworkPolicy'],
    ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
    ['projectcalico.org/v3', 'NetworkPolicy'],
    ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'],
    ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'],
  ]
  for (const [apiVersion = '', kind = ''] of kinds) {
    expect(given(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`)).toEqual([
      `f:1:1: warning: one object of kind "${kind}" ("${apiVersion}") skipped; the answer does not count the policies of other engines`,
    ])
  }
  expect(given('apiVersion: cilium.io/v2\nkind: CiliumIdentity\n')[0]).toContain('note: ')
  expect(given('apiVersion: operator.tigera.io/v1\nkind: Installation\n')[0]).toContain('note: ')
})
