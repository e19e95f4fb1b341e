import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageData } from '../../../src/views/page/page-data.ts'
import { printed } from '../../cli/run-selvedge.ts'
import { documents, pod, policy } from '../../explain/manifests.ts'
import { flowFileText, flowOf } from '../../suggest/flows-of.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'

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

describeBrowser('a box of the picture that is several nodes of the page', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())
  const words = async (page: Page, selector: string): Promise<readonly string[]> =>
    (await page.locator(selector).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())
  const classes = (page: Page, box: string) => page.locator(`[data-box="${box}"]`).getAttribute('class')

  test('leads to its pods, and stands out when one of them is chosen', async () => {
    const html = await printed(['graph', '-f', '-'], { input })
    const { page, complaints } = await browser.open('finer.html', html)
    await page.locator('[data-box="shop/web"]').click()
    expect(await words(page, '#answer h2')).toEqual(['shop/web'])
    const pods = [
      'shop/web-0 Pod of a StatefulSet, ingress isolated',
      'shop/web-1 Pod of a StatefulSet, ingress isolated',
    ]
    expect(await words(page, '#answer li')).toEqual(pods)
    expect(await page.title()).toBe('shop/web: who can reach whom')
    await page.locator('#answer button', { hasText: 'shop/web-1' }).click()
    expect(await words(page, '#answer h2')).toEqual(['shop/web-1'])
    expect(await words(page, '#list [aria-current] .name')).toEqual(['web-1'])
    expect(await classes(page, 'shop/web')).toBe('near chosen')
    await page.goBack()
    expect(await words(page, '#answer li')).toEqual(pods)
    expect(await classes(page, 'shop/web')).toBe('near chosen')
    expect(complaints).toEqual([])
    await page.close()
  })

  test('is a namespace where namespaces are drawn', async () => {
    const { page, complaints } = await browser.open(
      'namespaces.html',
      await printed(['graph', '--by', 'namespace', '-f', '-'], { input }),
    )
    await page.locator('[data-box="shop/*"]').click()
    expect((await words(page, '#answer li')).map((text) => text.split(' ')[0])).toEqual([
      'shop/client',
      'shop/web-0',
      'shop/web-1',
    ])
    expect(complaints).toEqual([])
    await page.close()
  })

  test('a box that is nobody to choose does not look as if it were', async () => {
    const closed = documents(
      pod('shop/web', '10.244.1.9'),
      policy('shop/web', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}'),
    )
    const { page } = await browser.open('outside.html', await printed(['graph', '-f', '-'], { input: closed }))
    const cursors = await page.evaluate(
      '[...document.querySelectorAll("[data-box]")].map((one) => [one.dataset.box, getComputedStyle(one).cursor])',
    )
    expect(cursors).toEqual([
      ['shop/web', 'pointer'],
      ['203.0.113.0/24', 'auto'],
    ])
    await page.close()
  })
})
