import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageData } from '../../../src/views/page/page-data.ts'
import { pageHtml } from '../../../src/views/page/page-html.ts'
import { drawingOf } from '../../../src/views/svg/drawing-svg.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'

const NAMES = [
  '</script><script>document.title = "taken"</script>',
  '<!--<script>',
  '<img src=x onerror="document.title = 1">',
  `"'\`\${document.title = 1}\\`,
  '\u202egnp.exe\u2066',
  '\u2028\u2029\u0000',
  'x'.repeat(3000),
  '__proto__',
  '%zz',
]

/** A page about things that no API would name so; file names may. */
function dataOf(name: string): PageData {
  return {
    nodes: ['isolated', 'open'].map((state, index) => ({
      id: `${name}/${index}`,
      namespace: 0,
      label: name,
      detail: name,
      state: state as 'isolated' | 'open',
      class: index,
      pods: [name],
      asked: true,
    })),
    namespaces: [name],
    rows: [[2, 1]],
    rowOf: [0, 0],
    reaches: [
      { text: '', sets: [-1, -1] },
      { text: name, sets: [0, -1] },
    ],
    portSets: [{ TCP: [1, 2], UDP: [], SCTP: [], other: false }],
    policies: [{ name, place: name, rules: { ingress: [0], egress: [] }, closed: { ingress: name, egress: '' } }],
    audited: [name],
    rules: [{ policy: 0, name, place: name, text: name, ports: 0, admits: [0, 0] }],
    isolatedBy: { ingress: [[0], []], egress: [[], []] },
    outside: { ingress: [[{ addresses: name, text: name, ports: 0, rules: [0] }], []], egress: [[], []] },
    admitted: [[0, 1]],
    denied: false,
    ways: [name],
  }
}

describeBrowser('hostile names on the page', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  test.each(NAMES.map((name) => [name.slice(0, 40), name]))('%j is text and nothing else', async (_, name) => {
    const data = dataOf(name)
    const boxes = data.nodes.map(({ id, label, detail, state }) => ({ id, label, detail, state, namespace: name }))
    const arrows = [{ from: `${name}/1`, to: `${name}/0`, ports: name }]
    const { page, requests, complaints } = await browser.open(
      'hostile.html',
      pageHtml(data, drawingOf({ boxes, arrows })),
    )
    const counts = () =>
      page.evaluate('["script", "img", "iframe", "[onerror]"].map((one) => document.querySelectorAll(one).length)')
    expect(await counts()).toEqual([2, 0, 0, 0])
    await page.locator('#list button').first().click()
    expect(await page.evaluate('document.querySelector("#details-title").textContent')).toBe(`${name}/0`)
    expect(await page.evaluate('document.querySelector("#answer tbody th button").textContent')).toBe(`${name}/1`)
    expect(await page.evaluate('document.querySelector("#answer .where").textContent')).toBe(name)
    expect(await page.title()).toContain('who can reach whom')
    expect(await counts()).toEqual([2, 0, 0, 0])
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
    await page.close()
  })
})
