import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readPolicyTests } from '../../compiler/policy-test/read-policy-tests.ts'

const HEAD = 'apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\n'

function problems(text: string): readonly string[] {
  return readPolicyTests([{ file: 't', text }]).diagnostics.map(formatDiagnostic)
}

test.each([
  ['{from: a, too: b, expect: deny}', 't:4:13: unknown field "tests[0].too"; did you mean "to"?'],
  [
    '{from: a, to: b, expect: allowed}',
    't:4:28: tests[0].expect: Unsupported value: "allowed": supported values: "allow", "deny"; did you mean "allow"?',
  ],
  ['{from: a, to: b}', 't:4:3: tests[0]: Required value: must say expect, only or atMost'],
  ['{to: b, only: [a], expect: deny}', 't:4:3: tests[0]: Forbidden: may not say expect and only at once'],
  [
    '{from: a, to: b, only: [c]}',
    't:4:4: tests[0].from: Forbidden: may not stand beside only; the clients are the items of only',
  ],
  [
    '{from: a, atMost: [b], ports: [80]}',
    't:4:26: tests[0].ports: Forbidden: may not stand beside atMost; the destinations, with their ports, are the items of atMost',
  ],
  [
    '{from: a, to: b, ports: [70000], expect: deny}',
    't:4:28: tests[0].ports[0]: port "70000" is not between 1 and 65535',
  ],
  [
    '{from: a, to: b, ports: [9-3], expect: deny}',
    't:4:28: tests[0].ports[0]: "9-3" is no range of ports; did you mean 3-9?',
  ],
  [
    '{from: a, to: b, ports: [0-3], expect: deny}',
    't:4:28: tests[0].ports[0]: "0-3" is no range of ports; write FIRST-LAST, of numbers between 1 and 65535',
  ],
  [
    '{from: a, to: b, ports: [53/UPD], expect: deny}',
    't:4:28: tests[0].ports[0]: "53/UPD" names no protocol of ports; did you mean 53/UDP?',
  ],
  [
    '{from: a, to: b, ports: [], expect: deny}',
    't:4:27: tests[0].ports: Required value: must name a port; leave ports out, or write such as [8080, 53/UDP, icmp]',
  ],
  [
    '{from: 10.0.0.1/8, to: b, expect: deny}',
    't:4:10: tests[0].from: "10.0.0.1/8" has bits set behind its prefix; write 10.0.0.0/8',
  ],
  ['{from: {pod: {app: a}}, to: b, expect: deny}', 't:4:11: unknown field "tests[0].from.pod"; did you mean "pods"?'],
  [
    '{from: {namespace: a, namespaces: {b: c}}, to: b, expect: deny}',
    't:4:37: tests[0].from.namespaces: Forbidden: may not stand beside namespace; namespace is one by its name, namespaces are all with these labels',
  ],
  [
    '{from: a, to: b, expect: deny, pods: inputs}',
    't:4:40: tests[0].pods: Unsupported value: "inputs": supported values: "input", "possible"; did you mean "input"?',
  ],
  [
    '{from: "", to: b, expect: deny}',
    't:4:10: tests[0].from: Invalid value: "": must be a name, an address, a CIDR, "*" or outside',
  ],
])('%s', (item, expected) => {
  expect(problems(`${HEAD}tests:\n- ${item}\n`)[0]).toBe(expected)
})

test.each([
  ['manifest: [x]\ntests: [{to: a, only: []}]', 't:3:1: unknown field "manifest"; did you mean "manifests"?'],
  ['', 't:1:1: tests: Required value: must have a test'],
  ['tests: {from: a}', 't:3:8: tests: Invalid value: {...}: must be a list; start each item with "- "'],
])('of a document: %s', (rest, expected) => {
  expect(problems(HEAD + rest)[0]).toBe(expected)
})

test('what is no PolicyTest is an error, and none of it is quoted', () => {
  expect(problems('root:x:0:0:secret\n')).toEqual([
    't:1:1: no PolicyTest: must have apiVersion: selvedge.io/v1alpha1 and kind: PolicyTest',
  ])
  expect(problems('apiVersion: v1\nkind: Secret\ndata: {a: c2VjcmV0}\n')).toEqual([
    't:2:7: "Secret" is no PolicyTest; manifests are named by "manifests" of a PolicyTest',
  ])
  expect(problems('apiVersion: selvedge.io/v1\nkind: PolicyTest\n')).toEqual([
    't:1:13: no matches for kind "PolicyTest" in version "selvedge.io/v1"; use "selvedge.io/v1alpha1"',
  ])
  expect(problems('apiVersion: selvedge.io/v1alpha1\nkind: PolicyTests\n')).toEqual([
    't:2:7: "PolicyTests" is no PolicyTest; did you mean "PolicyTest"?',
  ])
})

test('a document with one error runs none of its tests, and another document of the file is still read', () => {
  const good = `${HEAD}tests: [{to: a, only: []}]\n`
  const { tests, diagnostics } = readPolicyTests([
    { file: 't', text: `${good}---\n${HEAD}tests: [{to: a}]\n---\n${good}` },
  ])
  expect(tests.map(({ assertions }) => assertions.length)).toEqual([1, 0, 1])
  expect(diagnostics).toHaveLength(1)
})

test('a name is what the assertion says, where it has none', () => {
  const { tests } = readPolicyTests([
    {
      file: 't',
      text: `${HEAD}tests:\n- {from: {not: {namespaces: {team: a}, pods: {app: b}}}, to: 10.0.0.0/8, expect: deny}\n- {to: c, only: []}\n- {from: d, atMost: []}\n`,
    },
  ])
  expect(tests.flatMap(({ assertions }) => assertions.map(({ name }) => name))).toEqual([
    'not pods with app=b of namespaces with team=a → 10.0.0.0/8: deny',
    'only these to c',
    'at most these from d',
  ])
})
