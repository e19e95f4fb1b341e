import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PageData } from '../../../src/views/page/page-data.ts'
import { printed } from '../../cli/run-selvedge.ts'
import { documents, pod, policy } from '../../explain/manifests.ts'
import { flowFileText, flowOf } from '../../suggest/flows-of.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// The second policy grants nothing: both pods are allowed the same, which is one node of a picture, by different policies, which are two of the page.
const input = documents(
  pod('shop/client', '10.244.1.9', { owner: 'StatefulSet/client' }),
  pod('shop/web-0', '10.244.1.10', { owner: 'StatefulSet/web', labels: { app: 'web', first: 'yes' } }),
  pod('shop/web-1', '10.244.1.11', { owner: 'StatefulSet/web', labels: { app: 'web' } }),
  policy('shop/both', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}'),
  policy('shop/first', '{podSelector: {matchLabels: {first: "yes"}}}'),
)
const flows = flowFileText([
  flowOf('StatefulSet shop/client', 'StatefulSet shop/web', '8080/TCP', { count: 7 }),
  flowOf('StatefulSet shop/client', 'StatefulSet shop/web', '9/TCP', { verdict: 'denied', direction: 'ingress' }),
])

async function pageOf(flags: (folder: string) => readonly string[]): Promise<PageData> {
  const folder = temporaryFolder({ 'input.yaml': input, 'flows.json': flows })
  const html = await printed(['graph', '-f', join(folder, 'input.yaml'), ...flags(folder)])
  const [, json = ''] = /<script type="application\/json"[^>]*>([^]*?)<\/script>/.exec(html) ?? []
  return JSON.parse(json) as PageData
}

test('where the page has pods for a workload of other pictures, what is asked of the workload is asked of them', async () => {
  const { nodes } = await pageOf(() => ['--focus', 'shop/web'])
  expect(nodes.map(({ id, asked }) => [id, asked])).toEqual([
    ['shop/client', false],
    ['shop/web-0', true],
    ['shop/web-1', true],
  ])
})

test('and what was seen of a workload is told of one of its pods, not of a name that the page has not', async () => {
  const { nodes, flows: seen } = await pageOf((folder) => ['--flows', join(folder, 'flows.json')])
  const ids = nodes.map(({ id }) => id)
  for (const list of [seen?.used, seen?.refused]) {
    expect(list).toHaveLength(1)
    expect(ids).toEqual(expect.arrayContaining([list?.[0]?.from, list?.[0]?.to]))
  }
})
