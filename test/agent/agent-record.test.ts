import { expect, test } from 'vitest'
import { createAgentRecord, recordApplication, recordTurn } from '../../src/agent/agent-record.ts'
import { makeStatus } from '../../src/agent/make-status.ts'
import { readinessReasons } from '../../src/agent/readiness-reasons.ts'
import type { Application } from '../../src/agent/application.ts'
import type { Finding } from '../../src/kernel/finding.ts'
import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { pod, policy } from '../oracle/make-objects.ts'
import { sampleStream } from '../telemetry/sample-status.ts'

const source = { synced: true, streams: [sampleStream('pods', { resourceVersion: '7', appliedVersion: undefined })] }

function statusOf(
  record: ReturnType<typeof createAgentRecord>,
  bridgeLocal: 'drop' | 'pass' = 'drop',
  changes: readonly EngineChange[] = [],
) {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(changes)
  const pending = { events: 0, oldestMilliseconds: 0 }
  const facts = { version: '0', node: 'node-1', source, appliedVersions: { pods: '6' }, pending, options: {} }
  return makeStatus(record, engine, { ...facts, generation: 3, isLate: () => false, bridgeLocal })
}

const APPLICATION: Application = {
  reason: 'drift',
  ok: true,
  transactions: 1,
  bytes: 10,
  durationMilliseconds: 2,
  generation: 4,
  what: '1 sets with other elements',
  drift: 'elements',
}

test('a finding that warns is told with its cure, one that blocks is a reason', () => {
  const record = createAgentRecord()
  const warns: Finding = { id: 'firewalld', severity: 'warns', problem: 'firewalld is here', cure: 'switch it off' }
  const blocks: Finding = { id: 'ipvs', severity: 'blocks', problem: 'IPVS', cure: 'do without' }
  record.findings = [blocks, warns]
  const { problems, reasons, ready } = statusOf(record)
  expect(problems).toEqual([{ of: 'node (firewalld)', problem: 'firewalld is here', hint: 'switch it off' }])
  expect(reasons).toContainEqual({ id: 'ipvs', problem: 'IPVS', cure: 'do without' })
  expect(ready).toBe(false)
})

test('that packets which no address rule sees pass is told while somebody is to be closed', () => {
  const closed = [pod('shop/web', '10.244.1.10'), policy('shop/closed', { podSelector: {} })].map(surePut)
  const hold = holdChanges({ node: 'node-1', subnets: ['10.244.1.0/24'], sandboxes: [] })
  const told = (...given: readonly ['drop' | 'pass', readonly EngineChange[]]) =>
    statusOf(createAgentRecord(), ...given).problems.map(({ of }) => of)
  const passes = ['node (bridge-local-passes)']
  expect([told('pass', closed), told('pass', hold)]).toEqual([passes, passes])
  expect([told('pass', closed.slice(0, 1)), told('pass', closed.slice(1)), told('drop', [...closed, ...hold])]).toEqual(
    [[], [], []],
  )
})

test('diagnostics of objects are told, warnings too', () => {
  const record = createAgentRecord()
  const diagnostic = { code: 'x', problem: 'means something else', hint: 'write it so' }
  record.problems.set('NetworkPolicy shop/db', [{ ...diagnostic, severity: 'warning' }])
  expect(statusOf(record).problems).toEqual([
    { of: 'NetworkPolicy shop/db', problem: 'means something else', hint: 'write it so' },
  ])
})

test('a generation that a live flow may carry is told, and not a reason to be unready', () => {
  const record = createAgentRecord()
  recordTurn(record, true, true)
  record.uncertainGeneration = true
  const { problems, ready } = statusOf(record)
  expect(problems).toMatchObject([{ of: 'node (generation-uncertain)', hint: expect.stringContaining('conntrack') }])
  expect(ready).toBe(true)
})

test('a table that was adopted as it stood is enforced, though nothing was applied', () => {
  const record = createAgentRecord()
  expect(statusOf(record).enforced).toBeUndefined()
  recordTurn(record, true, true)
  expect(statusOf(record)).toMatchObject({ ready: true, enforced: { generation: 3 }, lastApply: undefined })
})

test('what is applied is told beside what is seen', () => {
  expect(statusOf(createAgentRecord()).streams).toMatchObject([
    { name: 'pods', resourceVersion: '7', appliedVersion: '6' },
  ])
})

test('drift is counted by class, repairs that failed are not, and what was started with is none', () => {
  const record = createAgentRecord()
  recordApplication(record, APPLICATION)
  recordApplication(record, { ...APPLICATION, what: '2 sets with other elements' })
  recordApplication(record, { ...APPLICATION, ok: false, errorKind: 'busy' })
  recordApplication(record, { ...APPLICATION, reason: 'start', drift: 'table' })
  expect(statusOf(record).driftRepairs).toEqual({ elements: 2 })
})

test('a refusal is a reason, ends the time without a break, and is not when the kernel last took a change', () => {
  const record = createAgentRecord()
  recordApplication(record, APPLICATION)
  recordTurn(record, true, true)
  const [since, appliedAt] = ['2000-01-01T00:00:00.000Z', 1]
  record.enforcedSince = since
  record.lastAppliedAt = appliedAt
  recordApplication(record, { ...APPLICATION, ok: false, errorKind: 'busy' })
  recordTurn(record, false, true)
  expect(readinessReasons(record, source)).toMatchObject([
    { id: 'not-up-to-date', cure: 'nft failed: busy; see the log' },
  ])
  expect(record.lastAppliedAt).toBe(appliedAt)
  recordTurn(record, true, true)
  expect(record.enforcedSince).not.toBe(since)
  record.enforcedSince = since
  recordTurn(record, true, true)
  expect(record.enforcedSince).toBe(since)
})

test('the first turn that ends with all in the kernel is told once, however many failed before', () => {
  const record = createAgentRecord()
  const ends = [
    [false, true],
    [true, false],
    [false, true],
    [true, true],
    [true, true],
    [false, true],
    [true, true],
  ] as const
  const told = ends.map(([upToDate, synced]) => recordTurn(record, upToDate, synced))
  expect(told).toEqual([false, false, false, true, false, false, false])
})
