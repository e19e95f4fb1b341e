import { expect, test } from 'vitest'
import type { DeniedRow } from '../../compiler/flows/denied-row.ts'
import { type GrownRow, watchJson, watchLine, watchScreen } from '../../src/views/watch-text.ts'

const CLEAR = '\u001b[H\u001b[J'
const NOON = Date.parse('2026-01-01T12:00:00Z')

function grown(name: string, delta: number, packets: number): GrownRow {
  const pod = { kind: 'pod', namespace: 'shop', workload: undefined, createdAt: '' } as const
  const why = {
    kind: 'denied',
    direction: 'ingress',
    policies: ['shop/db'],
    reason: 'no rule at all',
    rule: undefined,
  } as const
  const row: DeniedRow = {
    node: 'a',
    carries: { protocol: 'TCP', port: 80 },
    directed: true,
    packets,
    lastAge: 0,
    firstAge: 9,
    from: { ...pod, name, address: `10.0.0.${name.length}` },
    to: { ...pod, name: 'db', address: '10.0.1.1' },
    services: [],
    why,
    toClient: false,
    lateAnswer: false,
    uncertain: false,
  }
  return { row, delta, now: NOON }
}

const screen = (before: readonly GrownRow[], some: readonly GrownRow[], height = 24) =>
  watchScreen(before, some, new Date(NOON), { color: false, width: 100, height }, NOON + 3_000)

test('what grows goes to the top, with all that is new since it began', () => {
  const first = screen([], [grown('web', 2, 2), grown('orders', 1, 5)])
  const second = screen(first.rows, [grown('web', 3, 5)])
  expect(second.text).toBe(
    `${CLEAR}${[
      'denied since 12:00:00 UTC; Ctrl-C ends it',
      'LAST  NEW  COUNT  FROM         TO       PORT    WHY',
      '3s    +5   5      shop/web     shop/db  80/TCP  ingress of shop/db: no rule at all',
      '3s    +1   5      shop/orders  shop/db  80/TCP  ingress of shop/db: no rule at all',
    ].join('\n')}\n`,
  )
})

test('no more rows than the terminal has lines for, and how many are not shown', () => {
  const names = Array.from({ length: 30 }, (_, index) => 'x'.repeat(index + 1))
  const { text, rows } = screen(
    [],
    names.map((name) => grown(name, 1, 1)),
    10,
  )
  expect(rows).toHaveLength(30)
  expect(text.trimEnd().split('\n')).toHaveLength(8)
  expect(text).toContain('; 24 further rows;')
  expect(screen([], []).text).toBe(`${CLEAR}denied since 12:00:00 UTC; Ctrl-C ends it\nnothing yet\n`)
})

test('hostile names move no cursor, in any form', () => {
  const hostile = grown('a\u001b[2J\u202e', 1, 1)
  for (const text of [screen([], [hostile]).text.slice(CLEAR.length), watchLine(hostile)]) {
    expect(text).not.toMatch(/[^\P{C}\n]/u)
  }
  expect(watchJson(hostile).split('\n')).toHaveLength(2)
  expect(watchJson(hostile)).not.toContain('\u001b')
})
