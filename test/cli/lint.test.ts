import { expect, test } from 'vitest'
import { documents, policy, workload } from '../explain/manifests.ts'
import { selvedge, SHOP } from './run-selvedge.ts'

test('the shop has exactly the two findings that its comments speak of', async () => {
  const run = await selvedge(['lint', '-o', 'json', '-f', SHOP])
  const found = (JSON.parse(run.stdout) as readonly { readonly rule: string }[]).map(({ rule }) => rule)
  expect({ exitCode: run.exitCode, found }).toEqual({ exitCode: 1, found: ['peers-or-not-and', 'egress-forgets-dns'] })
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
  expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([true, true])
  expect(results[0]).toMatchObject({
    ruleId: 'peers-or-not-and',
    level: 'warning',
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'examples/shop/policies.yaml' }, region: { startLine: 53 } } },
    ],
  })
})
