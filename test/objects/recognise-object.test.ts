import { describe, expect, test } from 'vitest'
import { decodeObject } from '../../compiler/objects/decode-object.ts'
import { type Diagnostic, formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import { recogniseObject } from '../../compiler/objects/recognise-object.ts'
import { linesOf } from './read-text.ts'

describe('apiVersion and kind', () => {
  const missingKind = "kind: Required value: Object 'Kind' is missing"
  const missingVersion = "apiVersion: Required value: Object 'apiVersion' is missing"
  test.each([
    ['5', ['f:1:1: no Kubernetes object: must be a mapping with apiVersion and kind']],
    ['[]', ['f:1:1: no Kubernetes object: must be a mapping with apiVersion and kind']],
    ['{}', [`f:1:1: ${missingKind}`, `f:1:1: ${missingVersion}`]],
    ['{kind: , apiVersion: ""}', [`f:1:2: ${missingKind}`, `f:1:22: ${missingVersion}`]],
    [
      '{kind: 1, apiVersion: 1}',
      ['f:1:8: kind: Invalid value: 1: must be a string', 'f:1:23: apiVersion: Invalid value: 1: must be a string'],
    ],
    ['{kind: Pod}', [`f:1:1: ${missingVersion}; write "apiVersion: v1"`]],
    ['{kind: Pod, apiVersion: v2}', ['f:1:25: no matches for kind "Pod" in version "v2"; use "v1"']],
    [
      '{kind: NetworkPolicy, apiVersion: extensions/v1beta1}',
      ['f:1:35: no matches for kind "NetworkPolicy" in version "extensions/v1beta1"; use "networking.k8s.io/v1"'],
    ],
    [
      '{kind: networkpolicy, apiVersion: networking.k8s.io/v1}',
      ['f:1:8: no matches for kind "networkpolicy" in version "networking.k8s.io/v1"; did you mean "NetworkPolicy"?'],
    ],
    [
      '{kind: NetworkPolicy, apiVersion: crd.projectcalico.org/v1}',
      [
        'f:1:1: warning: one object of kind "NetworkPolicy" ("crd.projectcalico.org/v1") skipped; ' +
          'the answer does not count the policies of other engines',
      ],
    ],
    [
      '{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1beta1}',
      [
        'f:1:35: no matches for kind "NetworkPolicy" in version "networking.k8s.io/v1beta1"; use "networking.k8s.io/v1"',
      ],
    ],
    ...['networking/v1', 'networking.k8s.com/v1', 'policy.networking.k8s.io/v1alpha1', 'networking.k8s.io'].map(
      (version): [string, string[]] => [
        `{kind: NetworkPolicy, apiVersion: ${version}}`,
        [`f:1:35: no matches for kind "NetworkPolicy" in version "${version}"; use "networking.k8s.io/v1"`],
      ],
    ),
    ...['NetworkPolicies', 'networkpolicies', 'NetworkPolcy'].map((kind): [string, string[]] => [
      `{kind: ${kind}, apiVersion: networking.k8s.io/v1}`,
      [`f:1:8: no matches for kind "${kind}" in version "networking.k8s.io/v1"; did you mean "NetworkPolicy"?`],
    ]),
    [
      '{kind: NetworkPolicies, apiVersion: networking/v1}',
      [
        'f:1:8: no matches for kind "NetworkPolicies" in version "networking/v1"; ' +
          'did you mean "NetworkPolicy" of "networking.k8s.io/v1"?',
      ],
    ],
    ...[
      ['NetworkPolicies', 'crd.projectcalico.org/v1'],
      ['NetworkPolicy', 'cilium.io/v2'],
      ['NetworkSet', 'networking/v1'],
    ].map(([kind, version]): [string, string[]] => [
      `{kind: ${kind}, apiVersion: ${version}}`,
      [`f:1:1: note: one object of kind "${kind}" ("${version}") skipped`],
    ]),
    ['{kind: Secret, apiVersion: v1}', ['f:1:1: note: one object of kind "Secret" ("v1") skipped']],
  ])('%s', (text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })
})

describe('one object at a time, as it comes from the API', () => {
  function decode(value: unknown) {
    const told: Diagnostic[] = []
    const internLabels = createLabelInterner()
    const object = decodeObject(value, { internLabels, place: () => undefined, report: (one) => told.push(one) })
    return { object, lines: told.map(formatDiagnostic) }
  }

  test('goes by its name where it has no place', () => {
    const value = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { hostNetwork: 1 },
    }
    expect(decode(value)).toEqual({
      object: undefined,
      lines: ['Pod shop/web: spec.hostNetwork: Invalid value: 1: must be true or false'],
    })
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a\nb' } }
    expect(decode(namespace).lines[0]).toMatch(/^Namespace a\\u\{a\}b: metadata\.name: Invalid value: "a\\u\{a\}b": /)
  })

  test('an unknown kind is a note, a Service nothing at all', () => {
    expect(decode({ apiVersion: 'v1', kind: 'Secret' }).lines).toEqual(['note: kind "Secret" of "v1" is skipped'])
    expect(decode({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } })).toEqual({
      object: undefined,
      lines: [],
    })
  })

  test('a namespaced object without a namespace is in "default" unless told', () => {
    const { object } = decode({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' } })
    expect(object).toMatchObject({ namespace: 'default', place: undefined })
  })
})

test('a kind NetworkPolicy in a group of somebody else is theirs', () => {
  for (const apiVersion of ['foo.example.com/v1', 'crd.projectcalico.org/v1', 'crd.antrea.io/v1alpha1'])
    expect(recogniseObject({ apiVersion, kind: 'NetworkPolicy' })).toMatchObject({ is: 'unknown', apiVersion })
})
