import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Reachability, Way } from '../../src/demo/reachability.ts'
import { reachabilityChanges } from '../../src/demo/reachability-changes.ts'
import { reachabilityTable } from '../../src/demo/reachability-table.ts'
import { reachabilityVerdict } from '../../src/demo/reachability-verdict.ts'

const PLAIN = { color: false, width: 80 }
const WEB = { name: 'web', members: ['web-1', 'web-2'] }
const DB = { name: 'db', members: ['db-1'] }

/** Everyone to everyone; `[from, to]` of what is open now, and of what was. */
function between(open: readonly string[], wasOpen: readonly string[]): Reachability {
  const all = [...WEB.members, ...DB.members]
  const ways = all.flatMap((from) =>
    all
      .filter((to) => to !== from)
      .map((to): Way => {
        const way = `${from} ${to}`
        return { from, to, open: open.includes(way), wasOpen: wasOpen.includes(way) }
      }),
  )
  return {
    senders: [WEB, DB],
    receivers: [
      { ...WEB, port: 80 },
      { ...DB, port: 5432 },
    ],
    ways,
  }
}

const ALL = ['web-1 web-2', 'web-2 web-1', 'web-1 db-1', 'web-2 db-1', 'db-1 web-1', 'db-1 web-2']

describe('the table', () => {
  test('replicas that fare alike are one row and one column; to itself there is no question', () => {
    expect(reachabilityTable(between(ALL, ALL), PLAIN)).toEqual([
      'from \\ to  web:80  db:5432',
      'web        ✓       ✓',
      'db         ✓       ·',
    ])
  })

  test('what changed is an arrow', () => {
    const now = ['db-1 web-1', 'db-1 web-2', 'web-1 web-2', 'web-2 web-1']
    const before = ['web-1 db-1', 'web-2 db-1', 'web-1 web-2', 'web-2 web-1']
    expect(reachabilityTable(between(now, before), PLAIN)).toEqual([
      'from \\ to  web:80  db:5432',
      'web        ✓       ✓→✗',
      'db         ✗→✓     ·',
    ])
  })

  test('replicas that differ stand alone, as senders or as receivers', () => {
    const oneSends = ALL.filter((way) => way !== 'web-2 db-1')
    expect(reachabilityTable(between(oneSends, oneSends), PLAIN)).toEqual([
      'from \\ to  web:80  db:5432',
      'web-1      ✓       ✓',
      'web-2      ✓       ✗',
      'db         ✓       ·',
    ])
    const oneReceives = ALL.filter((way) => way !== 'db-1 web-2')
    expect(reachabilityTable(between(oneReceives, oneReceives), PLAIN)).toEqual([
      'from \\ to  web-1:80  web-2:80  db:5432',
      'web        ✓         ✓         ✓',
      'db         ✓         ✗         ·',
    ])
  })

  test('every pair that was asked is told, whichever are open', () => {
    for (let bits = 0; bits < 2 ** ALL.length; bits += 1) {
      const open = ALL.filter((_, index) => (bits >> index) % 2 === 1)
      expect(asPairs(reachabilityTable(between(open, open), PLAIN)).sort()).toEqual([...open].sort())
    }
  })

  test('colours add nothing but colour', () => {
    const shown = between(ALL.slice(2), ALL.slice(0, 4))
    const coloured = reachabilityTable(shown, { ...PLAIN, color: true })
    expect(coloured.map(stripVTControlCharacters)).toEqual(reachabilityTable(shown, PLAIN))
    expect(coloured.join('')).toContain('\u{1b}[')
  })
})

describe('the changes', () => {
  test('none', () => {
    expect(reachabilityChanges(between(ALL, ALL))).toEqual([])
  })

  test('what opened comes first; receivers of the same senders share a line', () => {
    expect(
      reachabilityChanges(between(['web-1 web-2', 'web-2 web-1', 'web-1 db-1', 'web-2 db-1'], ALL.slice(4))),
    ).toEqual([
      { verb: 'opened', ways: 'web → web:80, db:5432' },
      { verb: 'closed', ways: 'db → web:80' },
    ])
  })
})

describe('the last word', () => {
  test('all as compiled', () => {
    expect(reachabilityVerdict(259, [], 80)).toEqual(['259 verdicts by packets, all as compiled.'])
  })

  test('names what differs, as much as a screen holds', () => {
    const differences = Array.from({ length: 14 }, (_, index) => ({
      step: 'Policy p',
      from: `web-${index}`,
      to: 'db:5432',
      open: index === 0,
    }))
    const lines = reachabilityVerdict(30, differences, 80)
    expect(lines.slice(0, 3)).toEqual([
      '30 verdicts by packets, 14 NOT as compiled:',
      '  Policy p: web-0 → db:5432: packets arrive, though compiled as closed',
      '  Policy p: web-1 → db:5432: no packet arrives, though compiled as open',
    ])
    expect(lines).toHaveLength(14)
    expect(lines.at(-1)).toBe('  and 2 more')
  })
})

/** The open pairs that a table tells of. */
function asPairs(lines: readonly string[]): string[] {
  const membersOf = (name: string) => [WEB, DB].find((end) => end.name === name)?.members ?? [name]
  const [head = '', ...rows] = lines.map((line) => line.trim().split(/\s+/))
  return rows.flatMap(([sender = '', ...marks]) =>
    marks.flatMap((mark, index) => {
      if (mark !== '✓') return []
      const receiver = (head[index + 3] ?? '').replace(/:\d+$/, '')
      return membersOf(sender).flatMap((from) =>
        membersOf(receiver).flatMap((to) => (from === to ? [] : [`${from} ${to}`])),
      )
    }),
  )
}
