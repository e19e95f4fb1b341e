import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from './find-browser.ts'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface OpenedPage {
  readonly page: Page
  /** Whatever the page asked for, itself included. */
  readonly requests: readonly string[]
  /** Errors and everything said on the console, violations of the page's own policy among it. */
  readonly complaints: readonly string[]
}

export interface TestBrowser {
  /** Opens the text as a file of that name, as a reader would; with a view of this size in pixels. */
  open(name: string, text: string, view?: { readonly width: number; readonly height: number }): Promise<OpenedPage>
  /** Ends it, and leaves nothing behind. */
  close(): Promise<void>
}

/** A browser with an empty profile of its own, that can reach nothing but files. */
export async function startBrowser(): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-browser-'))
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: findBrowser() ?? 'chromium',
    headless: true,
    offline: true,
    args: ARGUMENTS,
    reducedMotion: 'reduce',
  })
  return {
    async open(name, text, view = { width: 1280, height: 800 }) {
      const file = join(folder, name)
      writeFileSync(file, text)
      const page = await context.newPage()
      const requests: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => complaints.push(message.text()))
      await page.setViewportSize(view)
      await page.goto(pathToFileURL(file).href)
      return { page, requests, complaints }
    },
    async close() {
      await context.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
