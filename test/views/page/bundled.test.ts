import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import type * as PageHtml from '../../../src/views/page/page-html.ts'
import { PROJECT_ROOT } from '../../support/project-root.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { collectPageData } from '../../../src/views/page/collect-page-data.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { madeUpCluster } from '../support/made-up-cluster.ts'
import { startBrowser } from '../support/start-browser.ts'

describeBrowser('the page of the package', () => {
  test('runs from bundled code, where functions may have other names', async () => {
    const outfile = join(temporaryFolder(), 'page-html.mjs')
    await build({
      // A second runPage in the bundle, so that one of the two has to be renamed.
      stdin: {
        contents: `export * from './src/views/page/page-html.ts'\nexport function runPage() {}\nexport const makeElement = 1`,
        resolveDir: PROJECT_ROOT,
      },
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node24.12',
    })
    const { pageHtml } = (await import(pathToFileURL(outfile).href)) as typeof PageHtml
    const browser = await startBrowser()
    const html = pageHtml(collectPageData(madeUpCluster(20, 1), 'workload'), undefined)
    const { page, complaints } = await browser.open('bundled.html', html)
    expect(await page.locator('#result').innerText()).toBe('20 shown, all')
    await page.locator('#list button').first().click()
    expect(await page.locator('#details-title').innerText()).toBe('billing/api')
    expect(complaints).toEqual([])
    await browser.close()
  })
})
