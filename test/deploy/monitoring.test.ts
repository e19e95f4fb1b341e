import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { PROJECT_ROOT } from '../support/project-root.ts'

const FOLDER = join(PROJECT_ROOT, 'deploy/kustomize/components/monitoring')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const page = readFileSync(join(PROJECT_ROOT, 'docs/operating.md'), 'utf8')
const documented = new Set([...page.matchAll(/^\| `(selvedge_\w+)`/gm)].map(([, name]) => name))

/** Metrics of ours that a text names; of a histogram the series are named. */
const named = (text: string) =>
  [...new Set(text.match(/\bselvedge_\w+/g))].map((name) => name.replace(/_(bucket|sum|count)$/, '')).sort()

test.each(['prometheusrule.yaml', 'dashboard.yaml'])('%s asks for metrics that there are', (name) => {
  const found = named(read(name))
  expect(found.length).toBeGreaterThan(5)
  expect(found.filter((one) => !documented.has(one))).toEqual([])
})

test('the dashboard is JSON in which no two panels lie on each other', () => {
  const { data } = parse(read('dashboard.yaml')) as { readonly data: Readonly<Record<string, string>> }
  const { panels } = JSON.parse(data['selvedge.json'] ?? '') as {
    readonly panels: readonly { readonly id: number; readonly gridPos: { readonly x: number; readonly y: number } }[]
  }
  const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)
  expect(new Set(places).size).toBe(panels.length)
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
})
