import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'
import { refused, selvedge } from './run-selvedge.ts'

const HEAD = 'apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\n'
const FAILS = '{name: "a <b> & #c", from: production/frontend, to: production/database, ports: [5432], expect: allow}'
const HOLDS = '{name: holds, from: production/frontend, to: production/backend, ports: [8080], expect: allow}'

const SHOP = Object.fromEntries(
  ['00-namespace', 'backend', 'database', 'frontend', 'policies'].map((name) => [
    `k8s/${name}.yaml`,
    readFileSync(join(PROJECT_ROOT, 'examples', 'shop', `${name}.yaml`), 'utf8'),
  ]),
)

function file(...tests: readonly string[]): string {
  return `${HEAD}manifests: [../k8s]\ntests:\n${tests.map((one) => `- ${one}\n`).join('')}`
}

test('the tests of the shop hold', async () => {
  expect(await selvedge(['test', 'examples/shop'])).toEqual({ exitCode: 0, stdout: '6 passed\n', stderr: '' })
})

test('below the current folder, *.policytest.yaml are found; manifests are relative to the file; a failure says why', async () => {
  const cwd = temporaryFolder({
    ...SHOP,
    'tests/shop.policytest.yaml': file(HOLDS, FAILS),
    'tests/other.yaml': 'a: b\n',
    'node_modules/x/y.policytest.yaml': 'a: b\n',
  })
  const run = await selvedge(['test'], { cwd })
  expect(run).toEqual({
    exitCode: 1,
    stderr: '',
    stdout: `FAIL a <b> & #c (tests/shop.policytest.yaml:6:3)
  production/frontend → production/database is denied on TCP 5432
    denied: production/frontend → production/database TCP 5432
      egress of production/frontend: open, no policy isolates it
      ingress of production/database: denied
        isolated by production/database-allow-backend,
          production/database-deny-all
        not granted by production/database-allow-backend ingress[0]
          (k8s/policies.yaml:33): production/frontend has tier=frontend, not
          tier=backend

1 passed, 1 failed
`,
  })
  const junit = await selvedge(['test', '-o', 'junit'], { cwd })
  expect(junit.exitCode).toBe(1)
  expect(junit.stdout).toContain('<testsuite name="tests/shop.policytest.yaml" tests="2" failures="1" errors="0">')
  expect(junit.stdout).toContain(
    '<testcase name="a &lt;b&gt; &amp; #c" classname="tests/shop.policytest.yaml" file="tests/shop.policytest.yaml" line="6">',
  )
  const tap = await selvedge(['test', '-o', 'tap'], { cwd })
  expect(tap.stdout.split('\n').slice(0, 4)).toEqual([
    'TAP version 14',
    '1..2',
    'ok 1 - holds',
    'not ok 2 - a <b> & \\#c',
  ])
  const [block = ''] = /(?<=---\n)[\s\S]*(?= {2}\.\.\.)/.exec(tap.stdout) ?? []
  expect(parse(block)).toMatchObject({ at: 'tests/shop.policytest.yaml:6:3' })
  const json = JSON.parse((await selvedge(['test', '-o', 'json'], { cwd })).stdout) as { tests: readonly object[] }
  expect(json).toMatchObject({ passed: 1, failed: 1, unanswered: 0 })
  expect(json.tests[1]).toMatchObject({
    status: 'failed',
    line: 6,
    failures: [{ explanation: { allowed: false, port: 5432 } }],
  })
  const sarif = JSON.parse((await selvedge(['test', '-o', 'sarif'], { cwd })).stdout) as {
    runs: readonly { results: readonly object[] }[]
  }
  expect(sarif.runs[0]?.results).toMatchObject([
    {
      ruleId: 'policy-test',
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'tests/shop.policytest.yaml' }, region: { startLine: 6 } } },
      ],
    },
  ])
})

test('what cannot be answered is exit 2, and the other answers are there', async () => {
  const cwd = temporaryFolder({
    ...SHOP,
    'tests/a.policytest.yaml': file(HOLDS, FAILS, '{from: production/frontent, to: production/backend, expect: deny}'),
  })
  const run = await selvedge(['test', 'tests'], { cwd })
  expect(run.exitCode).toBe(2)
  expect(run.stdout).toContain(
    'CANNOT TELL production/frontent → production/backend: deny (tests/a.policytest.yaml:7:3)\n  there is no pod or workload "production/frontent"; did you mean\n    production/frontend?',
  )
  expect(run.stdout).toContain('1 passed, 1 failed, 1 cannot be answered')
})

test('no tests, bad tests, bad manifests, policies that were passed over: exit 2, and nothing is printed', async () => {
  const nothing = temporaryFolder({ 'a.yaml': 'a: b\n' })
  expect(await selvedge(['test'], { cwd: nothing })).toEqual(
    refused('no test was found; name a PolicyTest, or a folder of *.policytest.yaml'),
  )
  const bad = temporaryFolder({ ...SHOP, 'tests/a.policytest.yaml': file(HOLDS).replace('expect', 'expects') })
  expect(await selvedge(['test'], { cwd: bad })).toMatchObject({ exitCode: 2, stdout: '' })
  const away = temporaryFolder({ 'tests/a.policytest.yaml': file(HOLDS) })
  expect(await selvedge(['test'], { cwd: away })).toEqual(
    refused(
      'tests/a.policytest.yaml:3:13: manifests: k8s: no such file or directory; paths are relative to the folder of the test; -f names others',
    ),
  )
  const template = '{{- if .Values.x }}\nkind: NetworkPolicy\nspec: {podSelector: {}}\n{{- end }}\n'
  const chart = temporaryFolder({
    ...SHOP,
    'k8s/templates/policy.yaml': template,
    'tests/a.policytest.yaml': file(HOLDS),
  })
  const run = await selvedge(['test'], { cwd: chart })
  expect(run).toMatchObject({ exitCode: 2, stdout: '' })
  expect(run.stderr).toContain('k8s/templates/policy.yaml: policies in it were passed over, so nothing can be tested')
})

test('a test that names no manifests, where there is no cluster: exit 3, and where manifests are named', async () => {
  const cwd = temporaryFolder({ ...SHOP, 'tests/a.policytest.yaml': file(HOLDS).replace(/^manifests.*\n/m, '') })
  expect(await selvedge(['test', '--kubeconfig', '/none'], { cwd })).toEqual({
    exitCode: 3,
    stdout: '',
    stderr:
      'tests/a.policytest.yaml:1:1: names no manifests, so it is held against the live cluster\n' +
      '/none: no such file or directory; name the kubeconfig of the cluster with --kubeconfig or KUBECONFIG; ' +
      'or write "manifests: [PATH]" into the test, or give manifests with -f\n',
  })
})

test('-f says other manifests than the file does, and not beside --live', async () => {
  const cwd = temporaryFolder({ ...SHOP, 'tests/a.policytest.yaml': file(HOLDS).replace('../k8s', '../nowhere') })
  expect(await selvedge(['test', '-f', 'k8s', '--', 'tests'], { cwd })).toMatchObject({
    exitCode: 0,
    stdout: '1 passed\n',
  })
  expect(await selvedge(['test', '-f', 'k8s', '--live'], { cwd })).toMatchObject({ exitCode: 2, stdout: '' })
})

test('--generate prints a baseline that reads well and holds, and fails when a policy goes', async () => {
  const cwd = temporaryFolder(SHOP)
  const run = await selvedge(['test', '--generate', '-f', 'k8s'], { cwd })
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  const lines = run.stdout.split('\n')
  expect(lines).toContain(
    '  - {to: {namespace: production, pods: {app: shop, tier: database}}, ports: [5432], only: [{namespace: production, pods: {app: shop, tier: backend}}]}',
  )
  expect(run.stdout).not.toMatch(/10\.244\.|pod-template-hash/)
  writeFileAt(join(cwd, 'baseline.policytest.yaml'), run.stdout)
  expect(await selvedge(['test'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' })
  const [first = '', ...others] = (SHOP['k8s/policies.yaml'] ?? '').split('---\n')
  for (const gone of others) {
    writeFileAt(join(cwd, 'k8s', 'policies.yaml'), [first, ...others.filter((one) => one !== gone)].join('---\n'))
    expect(await selvedge(['test'], { cwd })).toMatchObject({ exitCode: 1 })
  }
  expect(await selvedge(['test', '--generate', '-f', 'k8s/00-namespace.yaml'], { cwd })).toMatchObject({
    exitCode: 2,
    stdout: '',
  })
})

test('coverage names the rules that no test touches', async () => {
  const cwd = temporaryFolder({ ...SHOP, 'tests/a.policytest.yaml': file(HOLDS) })
  const run = await selvedge(['test', '--coverage'], { cwd })
  expect(run.stdout).toBe(`1 passed

Rules that no test touches:
  k8s/policies.yaml:76:7: production/backend-egress egress[0]
  k8s/policies.yaml:83:7: production/backend-egress egress[1]
  k8s/policies.yaml:33:7: production/database-allow-backend ingress[0]
`)
  const all = file(
    HOLDS,
    '{to: production/database, ports: [5432], only: [production/backend]}',
    '{from: production/backend, to: outside, ports: [443], expect: deny}',
  )
  const more = temporaryFolder({ ...SHOP, 'tests/a.policytest.yaml': all })
  expect((await selvedge(['test', '--coverage'], { cwd: more })).stdout).toContain('Every rule is touched by a test.')
})

test('examples, and every form in docs/policy-tests.md, keep to docs/policy-test.schema.json and are read', async () => {
  const schema = JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', 'policy-test.schema.json'), 'utf8')) as Schema
  const page = readFileSync(join(PROJECT_ROOT, 'docs', 'policy-tests.md'), 'utf8')
  const written = [...page.matchAll(/```yaml\n(apiVersion: selvedge.io[\s\S]*?)```/g)].map(([, text = '']) => text)
  expect(written.length).toBeGreaterThan(1)
  for (const text of [
    ...written,
    readFileSync(join(PROJECT_ROOT, 'examples', 'shop', 'tests', 'shop.policytest.yaml'), 'utf8'),
  ]) {
    expect(schemaProblems(schema, parseDocument(text).toJS())).toEqual([])
    const cwd = temporaryFolder({ 'a.policytest.yaml': text })
    // Whatever manifests it names are not here: but the text itself is right.
    expect((await selvedge(['test', '-f', '/dev/null'], { cwd })).stderr).not.toMatch(/a\.policytest\.yaml:\d/)
  }
  expect(schemaProblems(schema, parse(`${HEAD}tests: [{too: a}]`))).not.toEqual([])
})
