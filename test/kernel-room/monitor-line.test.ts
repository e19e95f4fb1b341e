import { expect, test } from 'vitest'
import { readMonitorLine } from '../../src/kernel/monitor-line.ts'

test.each([
  ['# new generation 7 by process 4711 (nft)', { generation: 7, pid: 4711, name: 'nft' }],
  ['# new generation 8 by process 1 (od (d) x)', { generation: 8, pid: 1, name: 'od (d) x' }],
  ['# new generation 8 by process 1 (cut by a', { generation: 8, pid: 1, name: 'cut by a' }],
])('%s', (line, commit) => {
  expect(readMonitorLine(line)).toEqual({ kind: 'commit', commit })
})

test.each([
  ['add table inet selvedge', 'our-table'],
  ['add element inet selvedge in4 { 10.244.1.5 : jump c-0 }', 'our-table'],
  ['delete rule inet selvedge forward handle 3', 'our-table'],
  ['add table inet selvedge-probe', 'other-table'],
  ['add table ip selvedge', 'other-table'],
  ['add rule inet other c comment "inet selvedge "', 'other-table'],
  ['# ERROR: We lost some netlink events!', 'lost'],
  ['', 'other'],
])('%s: %s', (line, kind) => {
  expect(readMonitorLine(line).kind).toBe(kind)
})
