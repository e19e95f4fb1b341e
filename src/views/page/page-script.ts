import { createBoxPane } from './browser/box-pane.ts'
import { createDetailsPane } from './browser/details-pane.ts'
import { createListPane } from './browser/list-pane.ts'
import { createMakeElement } from './browser/make-element.ts'
import { createOverviewPane } from './browser/overview-pane.ts'
import { createPageFilter } from './browser/page-filter.ts'
import { createPicturePane } from './browser/picture-pane.ts'
import { createReachIndex } from './browser/reach-index.ts'
import { type PageParts, runPage } from './browser/run-page.ts'

const PARTS: PageParts = {
  createMakeElement,
  createReachIndex,
  createPageFilter,
  createListPane,
  createDetailsPane,
  createOverviewPane,
  createBoxPane,
  createPicturePane,
}

/** Where the page keeps what it knows. */
export const DATA_ID = 'selvedge-data'

/** The script of the page: our own functions, as they are written, types taken away. It reads its data from the page. */
export function pageScript(): string {
  const parts = Object.entries(PARTS).map(
    ([name, part]: [string, PageParts[keyof PageParts]]) => `${name}: ${part.toString()}`,
  )
  const data = `JSON.parse(document.getElementById('${DATA_ID}').textContent)`
  return `(${runPage.toString()})(document, window, ${data}, {\n${parts.join(',\n')}\n})`
}
