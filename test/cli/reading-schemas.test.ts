import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { selvedge, SHOP } from './run-selvedge.ts'

const EXAMPLES = ['shop', 'two-nodes', 'dual-stack', 'named-ports', 'end-port', 'sctp'].map((name) =>
  join(PROJECT_ROOT, 'examples', name),
)

function problemsOf(schema: string, value: unknown): readonly string[] {
  const text = readFileSync(join(PROJECT_ROOT, 'docs', `${schema}.schema.json`), 'utf8')
  return schemaProblems(JSON.parse(text) as Schema, value)
}

async function json(...args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await selvedge([...args, '-o', 'json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test.each([
  ['production/frontend', 'production/database', '5432'],
  ['production/backend', 'database.production', '5432'],
  ['production/frontend', 'production/frontend', 'icmp'],
  ['203.0.113.7', 'production/backend', 'http'],
])('explain %s %s %s keeps to docs/explanation.schema.json', async (from, to, port) => {
  expect(problemsOf('explanation', await json('explain', from, to, port, '-f', SHOP))).toEqual([])
})

test.each(['workload', 'pod', 'namespace'])('graph --by %s keeps to docs/reach.schema.json', async (by) => {
  const value = await json('graph', '--by', by, '-f', ...EXAMPLES)
  expect(problemsOf('reach', value)).toEqual([])
  expect(value).toMatchObject({ by })
})

test('diff keeps to docs/difference.schema.json, in both directions', async () => {
  const [there, back] = [
    await json('diff', ...EXAMPLES.slice(0, 2)),
    await json('diff', ...EXAMPLES.slice(0, 2).reverse()),
  ]
  expect([...problemsOf('difference', there), ...problemsOf('difference', back)]).toEqual([])
  const { opens, closes } = there as { opens: unknown; closes: unknown }
  expect(back).toMatchObject({ opens: closes, closes: opens })
})

test('lint keeps to docs/findings.schema.json', async () => {
  const value = await json('lint', '-f', ...EXAMPLES)
  expect(problemsOf('findings', value)).toEqual([])
  expect((value as readonly unknown[]).length).toBeGreaterThan(1)
})

test('what an answer does not count stands in it', async () => {
  const file = join(PROJECT_ROOT, 'test', 'cli', 'cases', 'other-engines-in-one-chart', 'input.yaml')
  for (const [schema, ...args] of [
    ['explanation', 'explain', 'shop/front', 'shop/till', '80', '-f', file],
    ['reach', 'graph', '-f', file],
    ['difference', 'diff', file, file],
  ] as const) {
    const { stdout } = await selvedge([...args, '-o', 'json'])
    const value = JSON.parse(stdout) as { readonly notes: readonly string[] }
    expect(problemsOf(schema, value)).toEqual([])
    expect(value.notes.map((note) => /"(\w*NetworkPolicy)"/.exec(note)?.[1])).toEqual([
      'NetworkPolicy',
      'CiliumNetworkPolicy',
      'AdminNetworkPolicy',
    ])
  }
})

test('the schemas hold something', () => {
  const edge = { from: 'a/b', to: 'c/d', protocol: 'TCP', ports: '80' }
  const wrong = [
    { ...edge, protocol: 'ICMP' },
    { ...edge, ports: '80,81' },
    { ...edge, family: 'IPv5' },
    { ...edge, why: '' },
  ]
  const nothing = { opens: [], closes: [], leavesPolicy: [], comesUnderPolicy: [], ruleset: '' }
  for (const one of wrong) {
    expect(problemsOf('difference', { ...nothing, opens: [one] })).not.toEqual([])
    expect(problemsOf('reach', { by: 'pod', nodes: [], edges: [one] })).not.toEqual([])
  }
  expect(problemsOf('difference', { ...nothing, opens: [edge, { ...edge, protocol: 'other', ports: '*' }] })).toEqual(
    [],
  )
  expect(problemsOf('explanation', { from: 'a', to: 'b', allowed: true })).not.toEqual([])
  expect(problemsOf('findings', [{ rule: 'x' }])).not.toEqual([])
})
