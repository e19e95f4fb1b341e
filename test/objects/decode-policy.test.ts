import { describe, expect, test } from 'vitest'
import type { Policy, PolicyDirection } from '../../compiler/objects/objects.ts'
import { linesOf, onlyObject, policyOf, policyText, readText, specProblems } from './read-text.ts'

/** `-`: not isolated; `closed`; else how many rules. */
function shape(direction: PolicyDirection | undefined): string {
  if (direction === undefined) return '-'
  return direction.kind === 'closed' ? 'closed' : String(direction.rules.length)
}

function shapes(policy: Policy | undefined): string {
  return `${shape(policy?.ingress)} ${shape(policy?.egress)}`
}

describe('which directions a policy isolates: ingress, egress', () => {
  test.each([
    ['{}', '0 -'],
    ['null', '0 -'],
    ['{policyTypes: null}', '0 -'],
    ['{policyTypes: []}', '0 -'],
    ['{egress: []}', '0 -'],
    ['{egress: null}', '0 -'],
    ['{egress: [{}]}', '0 1'],
    ['{egress: [null]}', '0 1'],
    ['{policyTypes: [Ingress], egress: [{}]}', '0 -'],
    ['{policyTypes: [Egress]}', '- 0'],
    ['{policyTypes: [Egress], ingress: [{}]}', '- 0'],
    ['{policyTypes: [Egress, Ingress]}', '0 0'],
    ['{policyTypes: [Ingress, Ingress], ingress: null}', '0 -'],
    ['{ingress: [{}, null, {from: [], ports: null}]}', '3 -'],
  ])('%s: %s', (spec, expected) => {
    expect(specProblems(spec)).toEqual([])
    expect(shapes(policyOf(spec))).toBe(expected)
  })
})

describe('rules', () => {
  test.each([
    ['null', 'null'],
    ['{}', '{}'],
    ['missing lists', '{from: null, ports: ~}'],
    ['empty lists', '{from: [], ports: []}'],
  ])('of %s let everyone to every port', (_, rule) => {
    expect(policyOf(`{ingress: [${rule}]}`)?.ingress).toEqual({
      kind: 'rules',
      rules: [{ index: 0, peers: 'anyone', ports: 'any', place: { file: 'f', line: 4, column: 18 } }],
    })
  })

  test('a podSelector alone means the own namespace, a namespaceSelector alone every pod, both both', () => {
    const spec = `{egress: [{to: [{podSelector: {matchLabels: {a: b}}, namespaceSelector: null},
      {namespaceSelector: {}}, {podSelector: {}, namespaceSelector: {matchLabels: {c: d}}}]}]}`
    expect(policyOf(spec)?.egress).toMatchObject({
      rules: [
        {
          peers: [
            { kind: 'pods', namespaces: 'same', pods: { key: 'a=b' } },
            { kind: 'pods', namespaces: { key: '' }, pods: { key: '' } },
            { kind: 'pods', namespaces: { key: 'c=d' }, pods: { key: '' } },
          ],
        },
      ],
    })
  })

  test.each(['{}', 'null', '{podSelector: null}', '{ipBlock: ~, namespaceSelector: ~}'])(
    'a peer without any field (%s) is an error and selects nothing',
    (peer) => {
      const spec = `{ingress: [{from: [${peer}]}]}`
      expect(specProblems(spec)).toEqual([
        'spec.ingress[0].from[0]: Required value: must specify a peer; ' +
          'podSelector, namespaceSelector or ipBlock; "podSelector: {}" is every pod of the namespace',
      ])
      expect(policyOf(spec)?.ingress).toMatchObject({ kind: 'rules', rules: [{ peers: [] }] })
    },
  )

  test('an ipBlock beside a selector closes the direction, and both are still looked at', () => {
    const spec = '{ingress: [{from: [{ipBlock: {cidr: x/8}, podSelector: {matchLabels: {a: 1}}}]}], egress: [{}]}'
    expect(specProblems(spec)).toEqual([
      'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer; write them as two peers, each with its own "- "',
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "x/8": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.ingress[0].from[0].podSelector.matchLabels.a: Invalid value: 1: must be a string; put it in quotes: "1"',
    ])
    expect(shapes(policyOf(spec))).toBe('closed 1')
  })

  test('a rule is cited by its place in the list and in the file', () => {
    const text = `${policyText('').trimEnd()}\n  egress:\n    - {}\n    -\n      to: []\n`
    const policy = onlyObject(text)
    expect(policy).toMatchObject({
      place: { file: 'f', line: 1, column: 1 },
      egress: {
        rules: [
          { index: 0, place: { line: 6, column: 7 } },
          { index: 1, place: { line: 8, column: 7 } },
        ],
      },
    })
  })
})

describe('what cannot be compiled closes its direction only', () => {
  test.each([
    ['{ingress: [{ports: [{port: 70000}]}], egress: [{}]}', 'closed 1'],
    ['{ingress: [{}], egress: [{ports: [{port: 0}]}]}', '1 closed'],
    ['{policyTypes: [Ingress], ingress: [{}], egress: [{ports: [{port: 0}]}]}', '1 -'],
    ['{ingress: [{}], egress: {}}', '1 closed'],
    ['{ingress: [[]], egress: [{}]}', 'closed 1'],
    ['{ingress: [{from: {}}]}', 'closed -'],
    ['{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}', 'closed -'],
    ['{ingress: [{from: [5]}]}', 'closed -'],
    ['{ingress: [{from: [{namespaceSelector: {matchLabels: []}}]}]}', 'closed -'],
    ['{policyTypes: [Ingres], ingress: [{}], egress: [{}]}', 'closed closed'],
    ['{policyTypes: Ingress, ingress: [{}]}', 'closed closed'],
    ['{policyTypes: [1], ingress: [{}]}', 'closed closed'],
    ['{policyTypes: [null], ingress: [{}]}', 'closed closed'],
    ['{policyTypes: [Ingress, Egress, Ingress], ingress: [{}]}', '1 0'],
    ['{ingress: [{form: []}], egress: [{prots: []}]}', 'closed closed'],
    ['{ingress: [{from: [{podSelector: {matchLabel: {a: b}}}]}]}', 'closed -'],
    ['{podSelector: {matchLabel: {a: b}}, ingress: [{}]}', '1 -'],
  ])('%s: %s', (spec, expected) => {
    expect(specProblems(spec)).not.toEqual([])
    expect(shapes(policyOf(spec))).toBe(expected)
  })

  test('the reason is the first problem, as it was told', () => {
    const reason = 'spec.policyTypes[0]: Unsupported value: "egress": supported values: "Egress", "Ingress"'
    expect(policyOf('{policyTypes: [egress, 5]}')?.ingress).toEqual({ kind: 'closed', reason })
    expect(specProblems('{policyTypes: [egress, 5]}')).toEqual([
      `${reason}; did you mean "Egress"?`,
      'spec.policyTypes[1]: Invalid value: 5: must be a string; put it in quotes: "5"',
    ])
  })

  test('more than two policyTypes', () => {
    expect(specProblems('{policyTypes: [Ingress, Egress, Ingress]}')).toEqual([
      'spec.policyTypes: Invalid value: [...]: may not specify more than two policyTypes',
    ])
  })
})

describe('a policy of which nobody can say whom it selects closes its namespace', () => {
  test.each([
    ['{podSelector: 5}', 'closed -'],
    ['{podSelector: 5, ingress: [{}]}', 'closed -'],
    ['{podSelector: {matchLabels: {a: 1}}, ingress: [{}], egress: [{}]}', 'closed closed'],
    ['{podSelector: 5, policyTypes: [Egress], ingress: [{}]}', '- closed'],
    ['{podSelector: 5, policyTypes: [Ingress], egress: [{}]}', 'closed -'],
    ['{podSelector: 5, policyTypes: [Sideways]}', 'closed closed'],
    ['{podSelector: 5, egress: 7}', 'closed closed'],
    ['[]', 'closed closed'],
    ['allow', 'closed closed'],
  ])('spec: %s: %s', (spec, expected) => {
    const policy = policyOf(spec)
    expect({ selects: policy?.podSelector.key, shapes: shapes(policy) }).toEqual({ selects: '', shapes: expected })
    const closed = [policy?.ingress, policy?.egress].filter((side) => side !== undefined)
    for (const side of closed) {
      const reason = `${policy?.unreadable}; nobody can say whom it selects, so every pod of namespace shop is closed`
      expect(side).toEqual({ kind: 'closed', reason })
    }
    expect(specProblems(spec)[0]).toContain(policy?.unreadable)
  })
})

describe('a policy that nobody can place is no policy', () => {
  const policy = (rest: string) => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${rest}\n`
  const subdomain =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
    'and must start and end with an alphanumeric character'
  test.each([
    ['', 'f:1:1: metadata.name: Required value: name or generateName is required'],
    ['metadata: {}', 'f:3:11: metadata.name: Required value: name or generateName is required'],
    ['metadata: {generateName: A-}', `f:3:26: metadata.generateName: Invalid value: "A-": ${subdomain}`],
    ['metadata: {name: A}', `f:3:18: metadata.name: Invalid value: "A": ${subdomain}`],
    ['metadata: {name: "a\\nb"}', `f:3:18: metadata.name: Invalid value: "a\\u{a}b": ${subdomain}`],
    ['metadata: {name: "\\e[31m"}', `f:3:18: metadata.name: Invalid value: "\\u{1b}[31m": ${subdomain}`],
    [
      `metadata: {name: ${'a'.repeat(254)}}`,
      `f:3:18: metadata.name: Invalid value: "${'a'.repeat(100)}…": must be no more than 253 bytes`,
    ],
    ['metadata: {name: 1}', 'f:3:18: metadata.name: Invalid value: 1: must be a string; put it in quotes: "1"'],
    ['metadata: {name: a, namespace: a.b}', 'f:3:32: metadata.namespace: Invalid value: "a.b": must not contain dots'],
    ['metadata: [a]', 'f:3:11: metadata: Invalid value: [...]: must be a mapping; write it without the leading "- "'],
  ])('%s', (metadata, line) => {
    expect(linesOf(policy(metadata))).toEqual([line])
    expect(readText(policy(metadata)).objects).toEqual([])
  })
})

describe('metadata', () => {
  test('is open, and its names may be as long as the API has them', () => {
    const name = 'a'.repeat(253)
    const namespace = 'b'.repeat(63)
    const metadata = `{name: ${name}, namespace: ${namespace}, managedFields: [{}], ownerReferences: null, whatever: 1}`
    const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: ${metadata}\nstatus: {}\n`
    expect(onlyObject(text)).toMatchObject({ name, namespace })
  })

  test('without a namespace the default is meant', () => {
    const text = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: ""}\n'
    expect(onlyObject(text)).toMatchObject({ namespace: 'default' })
  })

  test('labels and annotations of a policy are checked, and mean nothing', () => {
    const metadata = '{name: a, labels: {b: 1}, annotations: {c: true}}'
    const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: ${metadata}\n`
    expect(linesOf(text)).toEqual([
      'f:3:33: metadata.labels.b: Invalid value: 1: must be a string; put it in quotes: "1"',
      'f:3:54: metadata.annotations.c: Invalid value: true: must be a string; ' +
        'put it in quotes (bare true, false, yes, no, on, off, y and n are booleans)',
    ])
    expect(readText(text).objects).toHaveLength(1)
  })
})
