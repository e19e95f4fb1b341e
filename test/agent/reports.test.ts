import { expect, test } from 'vitest'
import type { Application } from '../../src/agent/application.ts'
import { createApplicationReport, SUM_MILLISECONDS } from '../../src/agent/report-applications.ts'
import { createStreamReport } from '../../src/agent/report-streams.ts'
import { createVerificationReport } from '../../src/agent/report-verification.ts'
import type { LogFacts } from '../../src/telemetry/log.ts'
import { sampleStream } from '../telemetry/sample-status.ts'
import { collectLog } from './collect-log.ts'

const application = (changes: Partial<Application> = {}): Application => ({
  reason: 'changes',
  ok: true,
  transactions: 1,
  bytes: 10,
  durationMilliseconds: 2,
  generation: 3,
  what: '',
  ...changes,
})

function applicationReport() {
  const { log, lines } = collectLog()
  const clock = { now: 0 }
  const report = createApplicationReport({ log, now: () => clock.now })
  const facts = (): readonly (LogFacts | undefined)[] => lines.map((line) => line.facts)
  return { report, lines, clock, facts }
}

test('of a burst of changes the first has a line at once, the rest one line of sums', () => {
  const { report, clock, facts } = applicationReport()
  for (let count = 1; count <= 100; count += 1) {
    clock.now += 100
    report.note(application({ durationMilliseconds: count === 50 ? 40 : 2, generation: count }))
  }
  expect(facts()).toMatchObject([{ reason: 'changes', transactions: 1, generation: 1 }])
  report.flush()
  report.flush()
  expect(facts().slice(1)).toEqual([
    { reason: 'changes', applications: 99, transactions: 99, bytes: 990, longestMilliseconds: 40, generation: 100 },
  ])
})

test('a change after a quiet time has its own line at once, one soon after sums does not', () => {
  const { report, clock, facts } = applicationReport()
  report.note(application())
  clock.now += SUM_MILLISECONDS
  report.note(application({ generation: 4 }))
  report.note(application({ generation: 5 }))
  expect(facts().map((each) => each?.['generation'])).toEqual([3, 4])
  report.flush()
  clock.now += SUM_MILLISECONDS - 1
  report.note(application({ generation: 6 }))
  expect(facts().map((each) => each?.['generation'])).toEqual([3, 4, 5])
})

test('a start, drift, a rebuild and errors are said at once, after what was summed up before them', () => {
  const { report, lines } = applicationReport()
  report.note(application({ reason: 'start' }))
  report.note(application())
  report.note(application())
  report.note(application({ ok: false, errorKind: 'busy' }))
  report.note(application({ reason: 'rebuild' }))
  report.note(application({ ok: false, errorKind: 'aborted' }))
  report.note(application({ reason: 'drift', drift: 'table' }))
  expect(lines.map(({ level, message, facts }) => `${level} ${message} ${String(facts?.['reason'])}`)).toEqual([
    'info applied start',
    'info applied changes',
    'info applied changes',
    'error nft refused changes',
    'info applied rebuild',
    'warn ended nft, which did not end by itself changes',
    'info applied drift',
  ])
})

test('a table that cannot be listed is said once, and once that it can again', () => {
  const { log, lines } = collectLog()
  const report = createVerificationReport(log)
  const failed = { result: 'unlisted', message: 'Protocol error' } as const
  for (const verification of [{ result: 'equal' } as const, failed, failed, { result: 'differs' } as const, failed]) {
    report(verification)
  }
  expect(lines.map(({ level, facts }) => [level, facts?.['reason']])).toEqual([
    ['warn', 'Protocol error'],
    ['info', undefined],
    ['warn', 'Protocol error'],
  ])
})

test('what becomes of a stream is said once for each state, and nothing before it has begun', () => {
  const { log, lines } = collectLog()
  const report = createStreamReport(log)
  const pods = (state: string) => sampleStream('pods', { state, connected: state === 'connected' })
  const policies = (state: string) => sampleStream('networkpolicies', { state, connected: state === 'connected' })
  for (const state of [
    'not begun',
    'not begun',
    'connected',
    'connected',
    'refused',
    'refused',
    'forbidden',
    'connected',
  ]) {
    report([pods(state), policies('connected')])
  }
  expect(lines.map(({ level, facts }) => [level, facts?.['stream'], facts?.['state']])).toEqual([
    ['info', 'networkpolicies', undefined],
    ['info', 'pods', undefined],
    ['warn', 'pods', 'refused'],
    ['warn', 'pods', 'forbidden'],
    ['info', 'pods', undefined],
  ])
})
