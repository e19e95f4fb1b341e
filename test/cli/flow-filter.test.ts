import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import { addFlowFilter, flowFilter, type FlowFilterFlags, foldedFilter } from '../../src/cli/flow-filter.ts'
import { addReadingOptions } from '../../src/cli/reading-options.ts'

const pod = (called: string, workload?: string): RecordedEnd => {
  const [namespace = '', name = ''] = called.split('/')
  const owner = workload === undefined ? {} : { workload: { kind: 'Deployment', name: workload } }
  return { kind: 'pod', address: '10.244.1.5', namespace, name, ...owner }
}
const WEB = pod('shop/web-5d4f-abcde', 'web')
const DB = pod('shop/db-0', 'db')
const DNS = pod('kube-system/coredns-9t', 'coredns')
const NODE: RecordedEnd = { kind: 'node', address: '192.0.2.7', name: 'node-1' }
const OUTSIDE: RecordedEnd = { kind: 'outside', address: '203.0.113.9' }
const FLOWS = [
  { from: WEB, to: DB, lastAge: 10 },
  { from: WEB, to: DNS, lastAge: 90 },
  { from: NODE, to: DNS, lastAge: 900 },
  { from: OUTSIDE, to: WEB, lastAge: 3600 },
] as const

/** As a command has them of its arguments. */
function asked(...argv: readonly string[]): readonly [FlowFilterFlags, Command] {
  const command = addFlowFilter(addReadingOptions(new Command(), 'narrowing'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  command.parse(argv, { from: 'user' })
  return [command.opts<FlowFilterFlags>(), command]
}

/** Positions of the flows that are shown, and of those that are folded by their source. */
const shown = (...argv: readonly string[]): readonly number[] => positions(FLOWS.map(flowFilter(...asked(...argv))))
const folded = (...argv: readonly string[]): readonly number[] => positions(FLOWS.map(foldedFilter(...asked(...argv))))

function positions(are: readonly boolean[]): readonly number[] {
  return are.flatMap((is, index) => (is ? [index] : []))
}

describe('which flows are shown', () => {
  test.each([
    [[], [0, 1, 2, 3]],
    [
      ['-n', 'shop'],
      [0, 1, 3],
    ],
    [
      ['-n', 'kube-system'],
      [1, 2],
    ],
    // The default of -n is no word about flows, unless somebody says it.
    [['-n', 'default'], []],
    [['--since', '10s'], [0]],
    [['--since', '9s'], []],
    [
      ['--since', '90s'],
      [0, 1],
    ],
    [
      ['--since', '15m'],
      [0, 1, 2],
    ],
    [
      ['--since', '1h'],
      [0, 1, 2, 3],
    ],
    [
      ['--from', 'web'],
      [0, 1],
    ],
    [
      ['--from', 'web-5d4f-abcde'],
      [0, 1],
    ],
    [
      ['--from', 'shop/web'],
      [0, 1],
    ],
    [['--from', 'ops/web'], []],
    [['--from', 'web', '-n', 'ops'], []],
    [['--from', 'node-1'], [2]],
    [['--from', '192.0.2.7'], [2]],
    [['--from', '203.0.113.9'], [3]],
    [
      ['--to', 'coredns'],
      [1, 2],
    ],
    [
      ['--to', 'kube-system/coredns', '-n', 'shop'],
      [1, 2],
    ],
    [['--to', 'db', '-n', 'shop'], [0]],
    [['--from', 'web', '--to', 'coredns'], [1]],
    [['--from', 'web', '--to', 'kube-system/coredns', '--since', '1m'], []],
  ])('%j', (argv, expected) => {
    expect(shown(...argv)).toEqual(expected)
  })
})

test.each([
  [
    ['--from', 'deploy/web'],
    [0, 1],
  ],
  [
    ['--from', 'deployments.apps/web'],
    [0, 1],
  ],
  [
    ['--from', 'shop/deploy/web'],
    [0, 1],
  ],
  [
    ['--from', 'deploy/shop/web'],
    [0, 1],
  ],
  [
    ['--from', 'pod/web-5d4f-abcde'],
    [0, 1],
  ],
  [['--from', 'pod/web'], []],
  [['--from', 'sts/web'], []],
  [['--from', 'ops/deploy/web'], []],
  [['--to', 'deploy/coredns', '-n', 'shop'], []],
])('a kind as kubectl names it: %j', (argv, expected) => {
  expect(shown(...argv)).toEqual(expected)
})

test.each(['jobs/api', 'jobs/deploy/api', 'deploy/jobs/api', 'deploy/api', 'api'])(
  'a namespace may be called as a kind is: %s',
  (word) => {
    const flow = { from: pod('jobs/api-5d', 'api'), to: DB, lastAge: 1 }
    expect(flowFilter(...asked('--from', word))(flow)).toBe(true)
  },
)

test('of a source of too many flows nobody knows whom it reached, so --to and -n hide none', () => {
  expect(folded()).toEqual([0, 1, 2, 3])
  expect(folded('-n', 'ops')).toEqual([0, 1, 2, 3])
  expect(folded('--to', 'db')).toEqual([0, 1, 2, 3])
  expect(folded('--since', '15m')).toEqual([0, 1, 2])
  expect(folded('--from', 'web')).toEqual([0, 1])
  expect(folded('--from', 'web', '-n', 'ops')).toEqual([])
})

test('--since takes a whole number with s, m or h, and nothing else', () => {
  expect(['90s', '15m', '2h', '0s'].map((text) => asked('--since', text)[0].since)).toEqual([90, 900, 7200, 0])
  for (const text of ['', '15', 'm', '1d', '1.5h', '-1m', '15m ', '1h30m', 'x15m']) {
    expect(() => asked(`--since=${text}`), text).toThrow('write a number and s, m or h: 15m.')
  }
})
