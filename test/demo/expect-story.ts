import { expect } from 'vitest'
import { readTables } from './read-tables.ts'
import { POLICIES, shopVerdicts } from './shop-verdicts.ts'

/** Policies and label after each step of the story. */
const STEPS = [
  ...Array.from({ length: POLICIES.length + 1 }, (_, count) => [count, true] as const),
  ...(['gone', 'back'] as const).map((label) => [POLICIES.length, label === 'back'] as const),
  // Who is only audited changes nothing.
  [POLICIES.length, true] as const,
]

/** What the demo has printed is the whole story, every mark as the oracle has it. */
export function expectStory(stdout: string): void {
  const tables = readTables(stdout)
  expect(tables.map(({ title }) => title)).toEqual([
    'No policy yet',
    ...POLICIES.map(({ metadata }) => `Policy ${metadata.name}`),
    'kubectl label namespace monitoring environment-',
    'kubectl label namespace monitoring environment=production',
    'Policy frontend-allow-internet, only audited',
  ])
  let before: ReadonlyMap<string, boolean> | undefined
  for (const [index, [policies, labelled]] of STEPS.entries()) {
    const now = shopVerdicts(policies, labelled)
    for (const [way, open] of now) {
      const was = before?.get(way) ?? open
      const mark = was === open ? (open ? '✓' : '✗') : open ? '✗→✓' : '✓→✗'
      expect({ step: index, way, mark: tables[index]?.marks.get(way) }).toEqual({ step: index, way, mark })
    }
    before = now
  }
  const verdicts = /^(\d+) verdicts by packets, all as compiled\.$/m.exec(stdout)?.[1]
  // 7 senders to 6 receivers, less 6 to themselves, and the live connection, at each step.
  expect(Number(verdicts)).toBe(STEPS.length * (7 * 6 - 6 + 1))
  const live = stdout
    .split('\n')
    .flatMap((line) => /^ {3}live {4}prometheus → backend-2:8080 (.*)$/.exec(line)?.[1] ?? [])
  expect(live).toEqual([
    'is opened and flows',
    ...POLICIES.map(() => 'flows on'),
    'STOPS: established, and judged again',
    'flows again, the same connection',
    'flows on',
  ])
  // A command is as long as the path to the examples makes it.
  const lines = stdout.split('\n').filter((line) => !line.startsWith('   selvedge '))
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(stdout).toContain('selvedge compile -f ')
  expect(stdout).toMatch(/^\d+[smh] +\S+ +\d+ +production\/frontend\S* +production\/database\S* +5432\/TCP/m)
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /ingress of production\/database\S*: production\/database-allow-backend ingress\[0\]: production\/frontend-1 has .*→ selvedge explain production\/frontend\S* production\/database\S* 5432/,
  )
  expectAudit(stdout)
}

/** The frontend's pod on the first node is called by all that may, and the audited policy lets in the internet alone. */
function expectAudit(stdout: string): void {
  const [, audit = ''] = stdout.split('\nWhat would be denied\n')
  const rows = [...audit.matchAll(/^ +\d+[smh] +\d+[smh] +\d+ +(\S+) +(\S+) +8080\/TCP\n +ingress of (\S+)$/gm)]
  // Whole names, and what is too long for 80 columns below.
  expect(rows.map(([, from, to, of]) => `${from} > ${to}, ${of}`).toSorted(), audit).toEqual(
    ['monitoring/prometheus', 'production/database-1', 'production/frontend-2'].map(
      (from) => `${from} > production/frontend-1, production/frontend-1`,
    ),
  )
  expect(audit).toMatch(/^production\/frontend-allow-internet: audited for \d+[smh], selects 1 pod$/m)
  expect(audit).toContain('  never matched: none of its rules\n')
  expect(audit).toMatch(/^NOT SAFE \(node node-1/m)
}
