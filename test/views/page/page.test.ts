import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { graphPage } from '../../../src/views/page/graph-page.ts'
import { printed } from '../../cli/run-selvedge.ts'
import { documents, policy, workload } from '../../explain/manifests.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { madeUpCluster } from '../support/made-up-cluster.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'

/** Texts as a reader sees them: what is hidden is not there. */
const textsOf = async (page: Page, selector: string): Promise<readonly string[]> =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())
const listed = (page: Page) => textsOf(page, '#list li .name')
const focused = (page: Page) =>
  page.evaluate('(document.activeElement.id || document.activeElement.innerText).split("\\n")[0]')

describeBrowser('the page', () => {
  let browser: TestBrowser
  let shop = ''
  const made = graphPage(madeUpCluster(30, 3), 'workload')
  beforeAll(async () => {
    shop = await printed(['graph', '-f', 'examples/shop'])
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  test('asks for nothing but itself, whatever is clicked, and complains of nothing', async () => {
    const { page, requests, complaints } = await browser.open('shop.html', shop)
    for (const button of await page.locator('button:visible:not(.skip)').all()) await button.click()
    await page.locator('[data-box="production/backend"]').click()
    expect(requests.filter((url) => !url.startsWith('file://'))).toEqual([])
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
    await page.close()
  })

  test('its own policy keeps even a script of its own from fetching', async () => {
    const { page, complaints } = await browser.open('shop.html', shop)
    const fetched = await page.evaluate('fetch("https://example.invalid/").then(() => "came", () => "did not come")')
    expect(fetched).toBe('did not come')
    // Said by the policy, not by a network that is not there.
    expect(complaints.join()).toContain('Content Security Policy')
    await page.close()
  })

  test('who is on the network of a node is shown as that, in the list, the picture, the counts and the details', async () => {
    const input = documents(
      workload('ops/agent', { kind: 'DaemonSet', hostNetwork: true }),
      workload('shop/web'),
      policy('shop/web', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
    )
    const { page } = await browser.open('host.html', await printed(['graph', '-f', '-'], { input }))
    expect(await textsOf(page, '#list li')).toEqual([
      'agent DaemonSet, network of its node',
      'web Deployment, ingress isolated',
    ])
    expect(await page.locator('[data-box="ops/agent"] .box.host').count()).toBe(1)
    await page.locator('#states button[data-state="host network"]').click()
    expect(await listed(page)).toEqual(['agent'])
    await page.locator('#list button', { hasText: 'agent' }).click()
    const details = await page.locator('#answer').innerText()
    expect(details).toContain('no policy governs it, and no selector matches it')
    expect(details.replaceAll(/\s+/g, ' ')).toContain('shop/web TCP 80')
    await page.close()
  })

  test('finds by name, by pod, by namespace, state and port, and says how many', async () => {
    const { page } = await browser.open('made.html', made)
    const result = () => page.locator('#result').innerText()
    expect(await result()).toBe('30 shown, all')
    await page.locator('#search').fill('shop web')
    expect([await listed(page), await result()]).toEqual([['web', 'web-1'], '2 of 30 shown'])
    await page.locator('#search').fill('api-6d5f8c7b9-xxxx0')
    expect(await listed(page)).toEqual(['api', 'api', 'api'])
    await page.locator('#search').fill('no such thing')
    expect(await textsOf(page, '#list')).toEqual(['Nothing fits. Escape clears what was asked for.'])
    await page.locator('#search').fill('')
    await page.locator('#namespace').selectOption('billing')
    await page.locator('#states button[data-state="open"]').click()
    expect(await listed(page)).toEqual(['worker', 'worker-1'])
    await page.locator('#states button[data-state="open"]').click()
    await page.locator('#port').fill('6379')
    await page.locator('#direction').selectOption('out')
    // Whoever is free to leave reaches everything of open pods, this port too.
    expect(await listed(page)).toEqual(['api', 'api-1', 'web', 'web-1', 'worker', 'worker-1'])
    await page.locator('#port').fill('443/TCP')
    await page.locator('#direction').selectOption('in')
    expect(await listed(page)).toEqual(['cache', 'cache-1', 'worker', 'worker-1'])
    await page.close()
  })

  test('says that a port is none, and then filters by no port', async () => {
    const { page } = await browser.open('made.html', made)
    for (const wrong of ['http', '0', '65536', '80/ICMP', '1e3']) {
      await page.locator('#port').fill(wrong)
      expect([wrong, await page.locator('#port-problem').isVisible()]).toEqual([wrong, true])
      expect(await page.locator('#port').getAttribute('aria-invalid')).toBe('true')
    }
    expect((await listed(page)).length).toBe(30)
    await page.locator('#port').fill(' 53/udp ')
    expect(await page.locator('#port-problem').isVisible()).toBe(false)
    await page.close()
  })

  test('a click in the list, on a name or in the picture shows what reaches it and by which rules', async () => {
    const { page } = await browser.open('shop.html', shop)
    await page.locator('#list button', { hasText: 'backend' }).click()
    expect(await textsOf(page, '#answer h2, #answer h3')).toEqual([
      'production/backend',
      'Is reached by 2',
      'Reaches 2',
    ])
    const rows = await textsOf(page, '#answer tbody tr')
    expect(rows).toEqual([
      'production/database TCP 8080 1 rule may enter by production/backend-allow-frontend ingress[0] TCP 8080 examples/shop/policies.yaml:53',
      'production/frontend TCP 8080 1 rule may enter by production/backend-allow-frontend ingress[0] TCP 8080 examples/shop/policies.yaml:53',
      'production/database TCP 5432 2 rules may leave by production/backend-egress egress[0] TCP 5432 examples/shop/policies.yaml:76 may enter by production/database-allow-backend ingress[0] TCP 5432 examples/shop/policies.yaml:33',
      '0.0.0.0/0 except 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 TCP 443 1 rule may leave by production/backend-egress egress[1] TCP 443 examples/shop/policies.yaml:83',
    ])
    await page.locator('#answer button', { hasText: 'production/database' }).first().click()
    expect(await page.locator('#details-title').innerText()).toBe('production/database')
    await page.locator('[data-box="production/frontend"]').click()
    expect(await page.locator('#details-title').innerText()).toBe('production/frontend')
    expect(await textsOf(page, '#list [aria-current]')).toEqual(['frontend Deployment, open'])
    await page.goBack()
    expect(await page.locator('#details-title').innerText()).toBe('production/database')
    await page.close()
  })

  test('direction and port narrow what is shown of one workload', async () => {
    const { page } = await browser.open('shop.html', shop)
    await page.locator('#list button', { hasText: 'backend' }).click()
    await page.locator('#direction').selectOption('out')
    await page.locator('#port').fill('443')
    expect(await textsOf(page, '#answer h3')).toEqual(['Reaches 1'])
    await page.locator('#port').fill('444')
    expect(await textsOf(page, '#answer .nothing')).toEqual(['Nothing on this port.'])
    await page.close()
  })

  test('can be walked by keys alone', async () => {
    const { page } = await browser.open('made.html', made)
    await page.keyboard.press('/')
    expect(await focused(page)).toBe('search')
    await page.keyboard.type('shop/')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('api')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    expect(await focused(page)).toBe('worker-1')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    expect(await page.locator('#details-title').innerText()).toBe('shop/worker')
    expect(await page.locator('#live').innerText()).toMatch(/^shop\/worker: open, reached by \d+, reaches \d+$/)
    // The list is one stop: the next is in the details.
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
    await page.keyboard.press('Shift+Tab')
    expect(await focused(page)).toBe('worker')
    await page.keyboard.press('Escape')
    expect([await page.locator('#search').inputValue(), (await listed(page)).length]).toEqual(['', 30])
    expect(await page.locator('#details-title').innerText()).toBe('shop/worker')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('#details-title').innerText()).toBe('All of it')
    await page.close()
  })

  test('every stop of the Tab key is seen, and has a name', async () => {
    const { page } = await browser.open('shop.html', shop)
    const stops: unknown[] = []
    for (let count = 0; count < 40; count += 1) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(`(() => {
        const one = document.activeElement
        if (one === document.body) return undefined
        const label = one.labels?.[0]?.innerText ?? one.innerText
        const style = getComputedStyle(one)
        return { name: (label || one.getAttribute('aria-label') || '').trim() !== '', ring: style.outlineStyle !== 'none' }
      })()`)
      if (stop === undefined) break
      stops.push(stop)
    }
    expect(stops.length).toBeGreaterThan(10)
    expect(stops.filter((stop) => JSON.stringify(stop) !== '{"name":true,"ring":true}')).toEqual([])
    await page.close()
  })

  test('has landmarks, headings without gaps, and tables with heads', async () => {
    const { page } = await browser.open('shop.html', shop)
    await page.locator('#list button', { hasText: 'backend' }).click()
    const facts = await page.evaluate(`({
      landmarks: ['header', 'nav', 'main'].map((name) => document.querySelectorAll(name).length),
      levels: [...document.querySelectorAll('h1,h2,h3')].map(({ localName }) => localName).join(' '),
      tables: [...document.querySelectorAll('table')].every(
        (table) => table.caption.textContent !== '' && table.querySelectorAll('thead th[scope=col]').length === 3 &&
          [...table.tBodies[0].rows].every((row) => row.cells[0].getAttribute('scope') === 'row')),
      live: [...document.querySelectorAll('[role=status]')].map(({ id }) => id),
      ids: document.querySelectorAll('[id]').length === new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size,
      lang: document.documentElement.lang,
    })`)
    expect(facts).toEqual({
      landmarks: [1, 1, 1],
      levels: 'h1 h2 h3 h2 h3 h3',
      tables: true,
      live: ['result', 'live'],
      ids: true,
      lang: 'en',
    })
    await page.close()
  })

  test('is dark for dark readers, and the button turns it, the picture too', async () => {
    const { page } = await browser.open('shop.html', shop)
    const colours = () =>
      page.evaluate(
        '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector(".box")).fill]',
      )
    const [light, dark] = ['rgb(255, 255, 255)', 'rgb(20, 25, 31)']
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await colours()).toEqual([dark, dark])
    await page.locator('#theme').click()
    expect(await colours()).toEqual([light, light])
    await page.locator('#theme').click()
    expect(await colours()).toEqual([dark, dark])
    await page.close()
  })

  test.each([390, 768, 1280, 1920])('nothing sticks out sideways at %i pixels', async (width) => {
    const { page } = await browser.open('shop.html', shop, { width, height: 844 })
    await page.locator('#list button', { hasText: 'backend' }).click()
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.close()
  })

  test('on a narrow screen a choice brings its details into view, and a button leads back', async () => {
    const { page } = await browser.open('made.html', made, { width: 390, height: 844 })
    await page.locator('#list button').nth(3).click()
    const inView = () =>
      page.evaluate('document.querySelector("#details-title").getBoundingClientRect().top < innerHeight / 2')
    expect(await inView()).toBe(true)
    await page.locator('#back').click()
    expect(await focused(page)).toBe('cache-1')
    await page.close()
  })

  test('opens with five thousand pods, finds one, and keeps its lists short', async () => {
    const { page, complaints } = await browser.open('many.html', graphPage(madeUpCluster(1000, 5), 'workload'))
    expect(await page.locator('#result').innerText()).toBe('1000 shown, all')
    expect((await listed(page)).length).toBe(200)
    await page.locator('#list .more').click()
    expect((await listed(page)).length).toBe(400)
    await page.locator('#search').fill('stock-3/web')
    expect(await listed(page)).toEqual(['web', 'web-1'])
    await page.locator('#port').fill('8080')
    await page.locator('#list button').first().click()
    expect(await page.locator('#details-title').innerText()).toBe('stock-3/web')
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(10_000)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('of what does not pass it names the policies; a port is in its field from the start', async () => {
    const html = await printed(['graph', '--denied', '--focus', 'database', '-n', 'production', '-f', 'examples/shop'])
    const { page, complaints } = await browser.open('denied.html', html)
    expect(await page.locator('h1').innerText()).toBe('Who cannot reach whom')
    expect(await page.locator('#filters').innerText()).toContain('Only connections of database')
    await page.locator('#list button', { hasText: 'database' }).click()
    expect(await textsOf(page, '#answer h3')).toEqual(['Is not reached by 3', 'Does not reach 1'])
    const row = page.locator('#answer tr', { hasText: 'production/frontend' }).first()
    expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/everything .*is kept out by production\/database/)
    // Between the others nothing is said.
    await page.locator('#list button', { hasText: 'frontend' }).click()
    expect(await textsOf(page, '#answer tbody th')).toEqual(['production/database'])
    expect(complaints).toEqual([])
    const narrow = await printed(['graph', '--port', '5432', '-f', 'examples/shop'])
    const other = await browser.open('port.html', narrow)
    expect(await other.page.locator('#port').inputValue()).toBe('5432/TCP')
    await other.page.locator('#list button', { hasText: 'database' }).click()
    expect(await other.page.locator('#answer').innerText()).toContain('production/backend')
    await Promise.all([page.close(), other.page.close()])
  })
})
