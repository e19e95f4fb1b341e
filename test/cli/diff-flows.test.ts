import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { flowFileText, flowOf } from '../suggest/flows-of.ts'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { selvedge, SHOP } from './run-selvedge.ts'

/** What the shop's policies cut: they forget DNS. */
const LOOK_UP = flowOf('production/backend', 'Deployment kube-system/coredns', '53/UDP', { count: 1204 })
const ORDER = flowOf('production/backend', 'production/database', '5432/TCP')

function shopBefore(flows: string): { readonly cwd: string } {
  const cwd = temporaryFolder({ 'flows.json': flows })
  cpSync(SHOP, join(cwd, 'old'), { recursive: true })
  rmSync(join(cwd, 'old', 'policies.yaml'))
  return { cwd }
}

test('diff tells which flows that were seen a change cuts, and fails on them', async () => {
  const options = shopBefore(flowFileText([LOOK_UP, ORDER]))
  const asked = ['diff', 'old', SHOP, '--flows', 'flows.json']
  const run = await selvedge([...asked, '--fail-on', 'cuts'], options)
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 1, stderr: '' })
  expect(run.stdout).toContain(
    [
      'Cuts, of what was seen:',
      '  - production/backend → kube-system/coredns 53/UDP  seen 1,204 times, last at',
      '    2026-01-31T12:00:00Z',
      '1 flow as before.\n',
    ].join('\n'),
  )
  const json = await selvedge([...asked, '-o', 'json', '--fail-on', 'opens'], options)
  expect(json.exitCode).toBe(0)
  const value: unknown = JSON.parse(json.stdout)
  const schema = readFileSync(join(PROJECT_ROOT, 'docs', 'difference.schema.json'), 'utf8')
  expect(schemaProblems(JSON.parse(schema) as Schema, value)).toEqual([])
  expect(value).toMatchObject({ flows: { cuts: [{ count: 1204, isPartial: false }], unresolved: [], kept: 1 } })
})

test('a change that closes much and cuts nothing that was seen passes --fail-on cuts', async () => {
  const options = shopBefore(flowFileText([ORDER]))
  const run = await selvedge(['diff', 'old', SHOP, '--flows', 'flows.json', '--fail-on', 'cuts'], options)
  expect(run.exitCode).toBe(0)
  expect(run.stdout).toContain('Cuts nothing of what was seen.\n1 flow as before.\n')
})

test('a flow of which nobody can say what becomes of it fails --fail-on cuts', async () => {
  const options = shopBefore(flowFileText([flowOf('gone 10.244.3.9', 'production/database', '5432/TCP')]))
  const run = await selvedge(['diff', 'old', SHOP, '--flows', 'flows.json', '--fail-on', 'cuts'], options)
  expect(run.exitCode).toBe(1)
  expect(run.stdout).toContain('  - 10.244.3.9 → production/database: who had that address has gone  1 flow,')
  const same = await selvedge(['diff', SHOP, SHOP, '--flows', 'flows.json', '--fail-on', 'cuts'], options)
  expect(same.exitCode).toBe(0)
})
