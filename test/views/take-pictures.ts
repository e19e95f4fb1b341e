import { join } from 'node:path'
import { graphPage } from '../../src/views/page/graph-page.ts'
import { printed } from '../cli/run-selvedge.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { madeUpCluster } from './support/made-up-cluster.ts'
import { startBrowser } from './support/start-browser.ts'

const IMAGES = join(PROJECT_ROOT, 'docs', 'images')
const VIEW = { width: 1180, height: 740 }

/*
 * Makes the pictures of docs/graph.md anew. No test compares them: fonts differ from machine to machine.
 *
 *     node test/views/take-pictures.ts
 */
const browser = await startBrowser()
const shop = await browser.open('shop.html', await printed(['graph', '-f', 'examples/shop']), VIEW)
await shop.page.locator('#list button', { hasText: 'backend' }).click()
await shop.page.screenshot({ path: join(IMAGES, 'graph-page.png') })
const many = await browser.open('many.html', graphPage(madeUpCluster(400, 12), 'workload'), VIEW)
await many.page.emulateMedia({ colorScheme: 'dark' })
await many.page.locator('#namespace').selectOption('shop')
await many.page.locator('#list button', { hasText: /^db/ }).first().click()
await many.page.screenshot({ path: join(IMAGES, 'graph-page-many.png') })
await browser.close()
