import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachGraph } from '../../../compiler/reach/reach-graph.ts'
import type { Picture } from '../../../src/views/picture.ts'
import { drawingOf } from '../../../src/views/svg/drawing-svg.ts'
import { graphSvg } from '../../../src/views/svg/graph-svg.ts'
import { svgDocument } from '../../../src/views/svg/svg-document.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { clusterOfText, madeUpCluster } from '../support/made-up-cluster.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'
import { WORD_FAULTS } from './word-faults.ts'

const HOSTILE = `</text><script>alert(1)</script> "'&amp; \u202egnp\u0000 ${'long '.repeat(30)}`

describeBrowser('pictures in a browser', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  test.each([1, 5, 15, 40, 120, 500])(
    'of %i workloads no word is cut, small or covered, and nothing is fetched',
    async (workloads) => {
      const svg = graphSvg(reachGraph(madeUpCluster(workloads, 1).graph, 'workload'))
      const { page, requests, complaints } = await browser.open(`${workloads}.svg`, svg)
      expect(await page.evaluate(WORD_FAULTS)).toEqual({ count: true, cut: [], small: [], covered: [] })
      expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
      await page.close()
    },
  )

  test('names that are markup stay names', async () => {
    const picture: Picture = {
      boxes: [
        { id: `a/${HOSTILE}`, label: HOSTILE, namespace: HOSTILE, state: 'isolated', detail: HOSTILE },
        { id: HOSTILE, label: HOSTILE, namespace: undefined, state: 'open', detail: '' },
      ],
      arrows: [{ from: HOSTILE, to: `a/${HOSTILE}`, ports: HOSTILE }],
    }
    const { page, requests, complaints } = await browser.open('hostile.svg', svgDocument(drawingOf(picture)))
    // A document that is not well-formed shows an error element instead.
    expect(await page.evaluate('document.querySelectorAll("parsererror, script").length')).toBe(0)
    expect(await page.evaluate('document.documentElement.localName')).toBe('svg')
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
    await page.close()
  })

  test('dark readers get dark paper', async () => {
    const { page } = await browser.open('paper.svg', graphSvg(reachGraph(clusterOfText('x.yaml', '').graph, 'pod')))
    const paper = () => page.evaluate('getComputedStyle(document.querySelector(".paper")).fill')
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await paper()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect([light, await paper()]).toEqual(['rgb(255, 255, 255)', 'rgb(20, 25, 31)'])
    await page.close()
  })
})
