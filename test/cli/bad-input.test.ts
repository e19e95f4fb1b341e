import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { refused, selvedge } from './run-selvedge.ts'

const policy = (spec: string, name = 'p') =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`
const GOOD = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n'

/** Files in a folder of their own, and what is told about them; every one stands beside a good file. */
const CASES: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'an unknown field',
    { 'a.yaml': policy('{podSelecter: {}}') },
    ['a.yaml:4:8: unknown field "spec.podSelecter"; did you mean "podSelector"?'],
  ],
  [
    'a policy of a group or kind that nobody has',
    {
      'a.yaml': `${policy('{podSelector: {}}').replace('networking.k8s.io/v1', 'networking/v1')}---\n${policy('{podSelector: {}}', 'q').replace('NetworkPolicy', 'NetworkPolicies')}`,
    },
    [
      'a.yaml:1:13: no matches for kind "NetworkPolicy" in version "networking/v1"; use "networking.k8s.io/v1"',
      'a.yaml:7:7: no matches for kind "NetworkPolicies" in version "networking.k8s.io/v1"; did you mean "NetworkPolicy"?',
    ],
  ],
  [
    'port 70000, and a wrong type, in one file',
    { 'a.yaml': policy('{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}') + `---\n${policy('x', 'q')}` },
    [
      'a.yaml:4:51: spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'a.yaml:9:7: spec: Invalid value: "x": must be a mapping',
    ],
  ],
  [
    'a misspelt kind',
    { 'a.yaml': policy('{podSelector: {}}').replace('NetworkPolicy', 'NetworkPolcy') },
    ['a.yaml:2:7: no matches for kind "NetworkPolcy" in version "networking.k8s.io/v1"; did you mean "NetworkPolicy"?'],
  ],
  [
    'one name in two files that differ',
    { 'a.yaml': policy('{podSelector: {}}'), 'b.yaml': policy('{podSelector: {}, policyTypes: [Egress]}') },
    ['b.yaml:1:1: NetworkPolicy "shop/p" already exists, first at a.yaml:1:1; rename or remove one'],
  ],
  [
    'broken YAML in the last of three documents',
    { 'a.yaml': `${GOOD.replace('shop', 'x')}---\n${policy('{podSelector: {}}')}---\na: [\n` },
    ['a.yaml:11:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['broken JSON', { 'a.json': '{"kind": "Pod"' }, ['a.json:1:15: not valid YAML: Flow map must end with a }']],
  [
    'bytes that are no text',
    { 'a.yaml': '\u0000\u0001' },
    ['a.yaml:1:1: not text: control character 0x00; expected YAML or JSON in UTF-8'],
  ],
]

describe('a ruleset from a file with an error is never printed', () => {
  test.each(CASES)('%s', async (_, files, lines) => {
    const cwd = temporaryFolder({ ...files, 'good.yaml': GOOD })
    const names = [...Object.keys(files), 'good.yaml']
    expect(await selvedge(['compile', '-f', ...names], { cwd })).toEqual(refused(...lines))
  })

  test('a directory with one bad file among good ones, as JSON too', async () => {
    const cwd = temporaryFolder({ 'in/good.yaml': GOOD, 'in/sub/bad.yaml': 'kind: Pod\n' })
    const run = await selvedge(['compile', '-o', 'json', '-f', 'in'], { cwd })
    const line = "in/sub/bad.yaml:1:1: apiVersion: Required value: Object 'apiVersion' is missing"
    expect(run).toEqual(refused(`${line}; write "apiVersion: v1"`))
  })

  test('standard input is named -', async () => {
    const run = await selvedge(['compile', '-f', '-'], { input: '\n\n- 1\n' })
    expect(run).toEqual(refused('-:3:1: no Kubernetes object: must be a mapping with apiVersion and kind'))
  })

  test('all problems are told at once, paths that cannot be read first', async () => {
    const cwd = temporaryFolder({ 'bad.yaml': 'kind: Pod\n', 'empty/notes.txt': '' })
    const run = await selvedge(['compile', '-f', 'bad.yaml', '-f', 'missing.yaml', '-f', 'empty'], { cwd })
    expect(run).toEqual(
      refused(
        'missing.yaml: cannot be read: no such file or directory',
        'empty: holds no .yaml, .yml or .json file; name the files themselves if they have other endings',
        'bad.yaml:1:1: apiVersion: Required value: Object \'apiVersion\' is missing; write "apiVersion: v1"',
      ),
    )
  })
})

test('policies that add up to too much are refused with the name of their pod', async () => {
  const peers = Array.from({ length: 900 }, (_, index) => ({
    ipBlock: { cidr: `10.${index >> 8}.${index & 255}.0/25` },
  }))
  const ports = Array.from({ length: 600 }, (_, index) => ({ port: 1 + 2 * index }))
  const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: peers, ports }] }
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nstatus: {podIP: 10.0.0.9}\n'
  const run = await selvedge(['compile', '-f', '-'], { input: `${policy(JSON.stringify(spec))}---\n${pod}` })
  const reason = 'its policies add up to more peers times ports than fit into the budget'
  expect(run).toEqual(refused(`pod shop/web: ingress cannot be compiled: ${reason}`))
})
