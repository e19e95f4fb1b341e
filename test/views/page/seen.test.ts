import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graphPage } from '../../../src/views/page/graph-page.ts'
import type { FlowList, RecordedFlow } from '../../../compiler/flows/flow-list.ts'
import { printed, selvedge, SHOP } from '../../cli/run-selvedge.ts'
import { flowFileText, flowOf } from '../../suggest/flows-of.ts'
import { type Schema, schemaProblems } from '../../support/json-schema.ts'
import { PROJECT_ROOT } from '../../support/project-root.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { madeUpCluster } from '../support/made-up-cluster.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'

const HOSTILE = '</script><img src=x onerror=alert(1)>\u202e'
const FLOWS: readonly RecordedFlow[] = [
  flowOf('production/frontend', 'production/backend', '8080/TCP', { count: 120 }),
  flowOf('production/frontend', 'production/database', '5432/TCP', {
    verdict: 'denied',
    direction: 'ingress',
    count: 9,
  }),
  flowOf('198.51.100.7', 'production/frontend', '8080/TCP'),
  {
    ...flowOf('node x', 'production/frontend', '8080/TCP'),
    source: { kind: 'node', name: HOSTILE, address: '10.1.1.1' },
  },
]

function shopFlows(): string {
  return join(temporaryFolder({ 'flows.json': flowFileText(FLOWS) }), 'flows.json')
}

test('who does, who tried, and by what nothing was seen to pass, as JSON', async () => {
  const value: unknown = JSON.parse(await printed(['graph', '-f', SHOP, '--flows', shopFlows(), '-o', 'json']))
  const schema = readFileSync(join(PROJECT_ROOT, 'docs', 'reach.schema.json'), 'utf8')
  expect(schemaProblems(JSON.parse(schema) as Schema, value)).toEqual([])
  const ends = { from: 'production/frontend', to: 'production/backend' }
  expect(value).toMatchObject({
    flows: {
      used: expect.arrayContaining([expect.objectContaining({ ...ends, port: '8080/TCP', count: 120 })]),
      refused: [{ from: 'production/frontend', to: 'production/database', port: '5432/TCP', count: 9 }],
      unused: expect.arrayContaining([
        { from: 'production/database', to: 'production/backend', protocol: 'TCP', ports: '8080' },
      ]),
    },
  })
  const { flows } = value as { readonly flows: { readonly unused: readonly object[] } }
  expect(flows.unused).not.toContainEqual({ ...ends, protocol: 'TCP', ports: '8080' })
})

test('what was seen is for the page, the drawing and JSON, and other forms say so', async () => {
  const run = await selvedge(['graph', '-f', SHOP, '--flows', shopFlows(), '-o', 'dot'])
  expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: '' })
})

describeBrowser('the page with what was seen', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  test('says of each who may how often it was seen, and who tried; names of the file are text', async () => {
    const html = await printed(['graph', '-f', SHOP, '--flows', shopFlows()])
    const { page, requests, complaints } = await browser.open('seen.html', html)
    const answer = async (name: string) => {
      await page.locator('#list button', { hasText: name }).click()
      return (await page.locator('#answer').innerText()).replaceAll(/\s+/g, ' ')
    }
    const backend = await answer('backend')
    expect(backend).toContain('production/frontend TCP 8080 8080/TCP 120×')
    expect(backend).toContain('production/database TCP 8080 never')
    expect(await answer('database')).toContain(
      'Tried, and were refused production/frontend 5432/TCP, 9×, last at 2026-01-31T12:00:00Z',
    )
    const frontend = await answer('frontend')
    expect(frontend).toContain('198.51.100.7 8080/TCP, 3×')
    expect(frontend).toContain('node </script><img src=x onerror=alert(1)>\\u{202e} (10.1.1.1) 8080/TCP')
    expect(await page.locator('img').count()).toBe(0)
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
    await page.close()
  })

  test('of a cluster of 34 workloads too; without --flows nothing is said of it', async () => {
    const cluster = madeUpCluster(34, 3)
    const [from, to] = [...cluster.graph.pods.values()].map(({ pod }) => pod)
    if (from === undefined || to === undefined) throw new Error('it has pods')
    const end = ({ namespace, name, workload }: typeof from) => ({ kind: 'pod', namespace, name, workload }) as const
    const flow = {
      ...flowOf('a/b', 'a/c', '443/TCP'),
      source: { ...end(from), address: '10.0.0.1' },
      destination: { ...end(to), address: '10.0.0.2' },
    }
    const list: FlowList = { window: { from: '', to: '' }, nodes: [], flows: [flow], folded: [] }
    const { page } = await browser.open('many.html', graphPage(cluster, 'workload', { seen: list }))
    const data: { flows: { used: { from: string }[] } } = JSON.parse(
      (await page.locator('#selvedge-data').textContent()) ?? '',
    )
    expect(data.flows.used).toHaveLength(1)
    await page.evaluate(`location.hash = ${JSON.stringify(encodeURIComponent(data.flows.used[0]?.from ?? ''))}`)
    await expect.poll(() => page.locator('#answer').innerText()).toContain('Seen, and not allowed any more')
    await page.close()
    const plain = await browser.open('plain.html', graphPage(cluster, 'workload'))
    await plain.page.locator('#list button').first().click()
    expect(await plain.page.locator('#answer thead th', { hasText: 'Seen' }).count()).toBe(0)
    await plain.page.close()
  })
})
