import { expect, test } from 'vitest'
import { documents, policy, service, workload } from '../explain/manifests.ts'
import { selvedge, SHOP } from './run-selvedge.ts'

test('the shop has exactly the findings that its comments speak of, and an open frontend', async () => {
  const run = await selvedge(['lint', '-o', 'json', '-f', SHOP])
  const found = (JSON.parse(run.stdout) as readonly { readonly rule: string }[]).map(({ rule }) => rule)
  expect({ exitCode: run.exitCode, found }).toEqual({
    exitCode: 1,
    found: ['unprotected', 'peers-or-not-and', 'egress-forgets-dns'],
  })
})

test('nothing to say: exit 0, and empty in every format', async () => {
  const input = documents(workload('shop/web'), policy('shop/web', '{podSelector: {matchLabels: {app: web}}}'))
  expect(await selvedge(['lint', '-f', '-'], { input })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  expect(await selvedge(['lint', '-f', '-', '-o', 'json'], { input })).toMatchObject({ exitCode: 0, stdout: '[]\n' })
})

test('SARIF has every rule, and each result at its place', async () => {
  const run = await selvedge(['lint', '-o', 'sarif', '-f', 'examples/shop'])
  expect(run).toMatchObject({ exitCode: 1, stderr: '' })
  const [first] = (JSON.parse(run.stdout) as { runs: readonly Record<string, unknown>[] }).runs
  const { tool, results } = first as {
    tool: { driver: { rules: readonly { id: string }[] } }
    results: readonly { ruleId: string; ruleIndex: number; level: string; locations: unknown }[]
  }
  expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([
    true,
    true,
    true,
  ])
  expect(results[0]).toMatchObject({ ruleId: 'unprotected', level: 'note' })
  expect(results[1]).toMatchObject({
    ruleId: 'peers-or-not-and',
    level: 'warning',
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'examples/shop/policies.yaml' }, region: { startLine: 53 } } },
    ],
  })
})

const WEB = workload('shop/web')
const NOTE = documents(WEB)
const WARNING = documents(
  WEB,
  policy('shop/web', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: wep}}}]}]}'),
)
const ERROR = documents(
  WEB,
  policy('shop/web', '{podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: 443}]}]}'),
)

test.each([
  [[], [0, 1, 1]],
  [
    ['--fail-on', 'note'],
    [1, 1, 1],
  ],
  [
    ['--fail-on', 'warning'],
    [0, 1, 1],
  ],
  [
    ['--fail-on', 'error'],
    [0, 0, 1],
  ],
  [
    ['--fail-on', 'never'],
    [0, 0, 0],
  ],
])('%j fails on a note, a warning, an error: %j', async (flags, exitCodes) => {
  const runs = await Promise.all(
    [NOTE, WARNING, ERROR].map((input) => selvedge(['lint', ...flags, '-f', '-'], { input })),
  )
  expect(runs.map(({ stdout }) => / (note|warning|error): /.exec(stdout)?.[1])).toEqual(['note', 'warning', 'error'])
  expect(runs.map(({ exitCode }) => exitCode)).toEqual(exitCodes)
})

test('an unknown severity is refused', async () => {
  expect(await selvedge(['lint', '--fail-on', 'hint', '-f', SHOP])).toMatchObject({ exitCode: 2, stdout: '' })
})

test('what is silenced where it stands is not said, and does not fail', async () => {
  const input = `${WARNING.replace('kind: NetworkPolicy', 'kind: NetworkPolicy # for a while')}`
  const silenced = input.replace('spec: {podSelector', '# selvedge-ignore peer-matches-nothing\nspec: {podSelector')
  expect(await selvedge(['lint', '-f', '-'], { input })).toMatchObject({ exitCode: 1 })
  expect(await selvedge(['lint', '-f', '-'], { input: silenced })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
})

test('an input with policies of other engines alone has no finding, and says what was left out', async () => {
  const other = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: till, namespace: shop}\nspec: {}'
  const run = await selvedge(['lint', '-f', '-'], { input: documents(WEB, other) })
  expect(run).toMatchObject({ exitCode: 0, stdout: '' })
  expect(run.stderr).toContain('CiliumNetworkPolicy')
})

test('an address of the API server’s Service grants nothing; those of its endpoints do', async () => {
  const server = service('default/kubernetes', '{clusterIP: 10.96.0.1, ports: [{port: 443, targetPort: 6443}]}')
  const egress = (cidr: string) =>
    policy(
      'shop/web',
      `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 443}, {port: 6443}]}, {ports: [{port: 53, protocol: UDP}]}]}`,
    )
  const run = await selvedge(['lint', '-f', '-'], { input: documents(server, WEB, egress('10.96.0.1/32')) })
  expect(run).toMatchObject({ exitCode: 1 })
  expect(run.stdout).toContain('[block-for-service]')
  const input = documents(server, WEB, egress('192.168.50.0/28'))
  expect(await selvedge(['lint', '-f', '-'], { input })).toMatchObject({ exitCode: 0, stdout: '' })
})
