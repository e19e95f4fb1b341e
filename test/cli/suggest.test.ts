import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { flowFileText, flowOf } from '../suggest/flows-of.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { refused, selvedge, SHOP } from './run-selvedge.ts'

const FLOWS = [
  flowOf('203.0.113.7', 'production/frontend', '8080/TCP'),
  flowOf('production/frontend', 'production/backend', '8080/TCP'),
  flowOf('production/backend', 'production/database', '5432/TCP'),
  flowOf('production/backend', 'Deployment kube-system/coredns', '53/UDP'),
]

/** A folder with the shop before it had policies, and what was seen in it. */
function openShop(flows: readonly RecordedFlow[]): { readonly flows: string; readonly shop: string } {
  const folder = temporaryFolder({ 'flows.json': flowFileText(flows) })
  const shop = join(folder, 'shop')
  cpSync(SHOP, shop, { recursive: true })
  rmSync(join(shop, 'policies.yaml'))
  return { flows: join(folder, 'flows.json'), shop }
}

test('policies on standard output, what has to be known beside them on standard error', async () => {
  const open = openShop(FLOWS)
  const run = await selvedge(['suggest', '-n', 'production', '--flows', open.flows, '-f', open.shop])
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({
    exitCode: 0,
    stderr: [
      '5 policies from 4 flows; audited, so nothing is denied yet\n',
      'opens beyond what was seen: production/backend → kube-system/coredns 53/TCP (production/suggested-backend-egress)\n',
    ].join(''),
  })
  const names = parseAllDocuments(run.stdout).map((document) => String(document.getIn(['metadata', 'name'])))
  expect(names).toEqual(
    ['backend-ingress', 'backend-egress', 'database-ingress', 'frontend-ingress', 'frontend-egress'].map(
      (name) => `suggested-${name}`,
    ),
  )
  const json = await selvedge(['suggest', '-n', 'production', '--flows', open.flows, '-f', open.shop, '-o', 'json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ apiVersion: 'v1', kind: 'List' })
})

test('of a flow with an end that nobody is: the policies without it, and exit 3', async () => {
  const open = openShop([...FLOWS, flowOf('gone 10.244.3.9', 'production/database', '5432/TCP')])
  const run = await selvedge(['suggest', '-n', 'production', '--flows', open.flows, '-f', open.shop])
  expect(run.exitCode).toBe(3)
  expect(run.stdout).not.toContain('10.244.3.9')
  expect(run.stderr).toContain(
    'not allowed by them: 10.244.3.9 → production/database: who had that address has gone (1 flow)\n',
  )
})

test('a namespace of which nothing was seen gets nothing, and hears of the others', async () => {
  const open = openShop(FLOWS)
  const run = await selvedge(['suggest', '-n', 'shop', '--flows', open.flows, '-f', open.shop])
  expect(run).toEqual({
    exitCode: 0,
    stdout: '',
    stderr:
      'nothing was seen of pods of namespace shop; there are flows of kube-system, production, to be named with -n\n',
  })
})

test('a file that is none is refused, with its place', async () => {
  const file = 'examples/shop/policies.yaml'
  expect(await selvedge(['suggest', '--flows', file, '-f', SHOP])).toEqual(
    refused(
      `${file}:10:7: the file of flows is of kind "NetworkPolicy"; must have apiVersion: selvedge.io/v1alpha1 and kind: FlowList`,
    ),
  )
  expect(await selvedge(['suggest', '-f', SHOP])).toEqual(
    refused("error: required option '--flows <file>' not specified"),
  )
})
