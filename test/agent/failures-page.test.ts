import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { READINESS_REASONS } from '../../src/agent/readiness-reasons.ts'
import { FINDING_IDS } from '../../src/kernel/finding.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { parseExposition } from '../telemetry/parse-exposition.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

const PATH = join(PROJECT_ROOT, 'docs', 'failures.md')
const PAGE = readFileSync(PATH, 'utf8')
const ROWS = PAGE.split('\n').filter((line) => line.startsWith('|') && !/^\|(?: Event|---)/.test(line))
const shownBy = (row: string) => [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => join(dirname(PATH), link))

/** Of vitest, or a case on a real cluster. */
const isTest = (path: string) => path.endsWith('.test.ts') || path.includes('/test/e2e/cases/')

test('each event names a test that is there', () => {
  expect(ROWS.length).toBeGreaterThan(20)
  for (const row of ROWS) {
    const tests = shownBy(row)
    expect([row, tests.length]).toEqual([row, expect.toSatisfy((count: number) => count > 0)])
    for (const path of tests) expect([path, existsSync(path), isTest(path)]).toEqual([path, true, true])
  }
})

test('every test of faults shows an event of the page', () => {
  const named = new Set(ROWS.flatMap(shownBy).map((path) => relative(PROJECT_ROOT, path)))
  const faults = globSync('test/{faults,cluster/faults}/*.test.ts', { cwd: PROJECT_ROOT })
  expect(faults.length).toBeGreaterThan(10)
  for (const path of faults.filter((each) => !ABOUT_PACKETS.has(each))) expect([...named]).toContain(path)
})

/** About packets of others, not about a failure. */
const ABOUT_PACKETS = new Set([
  'test/faults/node-local-dns.test.ts',
  'test/faults/observe.test.ts',
  'test/faults/rules-used.test.ts',
])

test('metrics, findings and reasons that it names exist', async () => {
  const families = [...parseExposition(await createMetrics({ version: '0' }).exposition()).keys()]
  for (const [, name = ''] of PAGE.matchAll(/`(selvedge_[a-z_]+)`/g)) expect(families).toContain(name)
  const ids = new Set<string>([...FINDING_IDS, ...READINESS_REASONS])
  const named = [...PAGE.matchAll(/(?:finding|findings|not ready|not ready within 5 s):? (`[^|]+?)(?= \||; |\.)/g)]
  expect(named.length).toBeGreaterThan(5)
  for (const [, list = ''] of named) {
    for (const [, id = ''] of list.matchAll(/`([^`]+)`/g)) expect(ids).toContain(id)
  }
})
