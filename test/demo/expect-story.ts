import { expect } from 'vitest'
import { readTables } from './read-tables.ts'
import { POLICIES, shopVerdicts } from './shop-verdicts.ts'

/** Policies and label after each step of the story. */
const STEPS = [
  ...Array.from({ length: POLICIES.length + 1 }, (_, count) => [count, true] as const),
  ...(['gone', 'back'] as const).map((label) => [POLICIES.length, label === 'back'] as const),
]

/** What the demo has printed is the whole story, every mark as the oracle has it. */
export function expectStory(stdout: string): void {
  const tables = readTables(stdout)
  expect(tables.map(({ title }) => title)).toEqual([
    'No policy yet',
    ...POLICIES.map(({ metadata }) => `Policy ${metadata.name}`),
    'kubectl label namespace monitoring environment-',
    'kubectl label namespace monitoring environment=production',
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
  ])
  // A command is as long as the path to the examples makes it.
  const lines = stdout.split('\n').filter((line) => !line.startsWith('   selvedge '))
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(stdout).toContain('selvedge compile -f ')
  expect(stdout).toMatch(/^\d+s +\S+ +\d+ +production\/frontend\S* +production\/database\S* +5432\/TCP/m)
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /ingress of production\/database\S*: production\/database-allow-backend ingress\[0\]: production\/frontend-1 has .*→ selvedge explain production\/frontend\S* production\/database\S* 5432/,
  )
}
