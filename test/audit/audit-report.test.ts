import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import type { AgentAudit, WouldRow } from '../../src/telemetry/agent-audit.ts'
import { isAgentAudit } from '../../src/telemetry/is-agent-audit.ts'
import { auditJson } from '../../src/views/audit-json.ts'
import { auditReport } from '../../src/views/audit-report.ts'
import { auditText } from '../../src/views/audit-text.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

const pod = (name: string, address: string): FlowEnd => ({
  kind: 'pod',
  address,
  namespace: 'shop',
  name: `${name}-${address.split('.').at(-1)}`,
  workload: { kind: 'Deployment', name },
  createdAt: '',
})
const [web, api, db] = [pod('web', '10.244.1.10'), pod('api', '10.244.2.20'), pod('db', '10.244.2.30')]

const row = (from: FlowEnd, to: FlowEnd, changes: Partial<WouldRow> = {}): WouldRow => ({
  node: 'a',
  from,
  to,
  carries: { protocol: 'TCP', port: 5432 },
  direction: 'ingress',
  policies: ['shop/db'],
  packets: 14,
  lastAge: 2,
  firstAge: 180,
  doubt: 'none',
  ...changes,
})

const answer = (node: string, changes: Partial<AgentAudit> = {}): AgentAudit => ({
  version: '0.1.0',
  node,
  at: '2026-11-29T00:00:00.000Z',
  established: 'rejudge',
  window: { since: '2026-11-28T21:00:00.000Z', age: 10_800, because: 'the agent began' },
  policies: [{ policy: 'shop/db', since: '2026-11-28T20:00:00.000Z', age: 14_400, pods: 1, problem: '' }],
  denies: [],
  opens: [],
  strays: { invalid: 0, bridgeLocal: null },
  ...changes,
})

const all = () => true
const reportOf = (answers: readonly AgentAudit[], silent: readonly string[] = []) => auditReport(answers, silent, all)

test('safe is said only where every node has answered, over the shortest window, and of policies that can be read', () => {
  const other = {
    window: { since: '2026-11-28T23:00:00.000Z', age: 3_600, because: 'the table was built or repaired' },
  }
  expect(reportOf([answer('a'), answer('b', other)])).toMatchObject({ verdict: 'safe', why: [], window: 3_600 })
  const [policy] = answer('a').policies
  if (policy === undefined) throw new Error('no policy')
  for (const [answers, silent, why] of [
    [[answer('a')], ['b'], 'node b has not answered'],
    [[answer('a', { established: 'keep' })], [], '--established keep'],
    [[answer('a', { window: { since: null, age: 0, because: 'the agent began' } })], [], 'the agent began'],
    [[answer('a', { policies: [{ ...policy, problem: 'ingress: port 70000' }] })], [], 'cannot be compiled'],
    [[answer('a', { policies: [{ ...policy, since: null }] })], [], 'not stand on every node'],
    [[answer('a'), answer('b', { policies: [] })], [], 'not stand on every node'],
    [[answer('a', { denies: [row(web, db, { doubt: 'direction unknown' })] })], [], 'which end asked'],
  ] as const) {
    const report = reportOf(answers, silent)
    expect(report.verdict, why).toBe('not told')
    expect(report.why.join('\n')).toContain(why)
  }
  expect(reportOf([answer('a', { denies: [row(web, db)] })], ['b']).verdict).toBe('denies')
  expect(auditReport([answer('a', { denies: [row(web, db)] })], [], () => false).verdict).toBe('nothing audited')
})

test('a flow that both its nodes and both directions noted is counted once; pods of one workload are one row', () => {
  const twice = answer('a', { denies: [row(web, db, { direction: 'egress' }), row(web, db, { packets: 9 })] })
  const again = answer('b', {
    denies: [row(web, db, { packets: 20, firstAge: 600 }), row(pod('web', '10.244.1.11'), db)],
  })
  const [policy] = reportOf([twice, again]).policies
  expect(policy?.denies).toMatchObject([{ packets: 34, firstAge: 600, lastAge: 2, direction: 'egress' }])
})

test('late answers stand apart, and neither deny nor stand in the way', () => {
  const late = row(db, web, { carries: { protocol: 'UDP', port: 40_000 }, doubt: 'late answer' })
  const report = reportOf([answer('a', { denies: [late] })])
  expect(report.verdict).toBe('safe')
  expect(report.policies[0]).toMatchObject({ denies: [], doubtful: [{ doubt: 'late answer' }] })
})

test('docs/audit.md quotes what is printed', () => {
  const page = readFileSync(join(PROJECT_ROOT, 'docs', 'audit.md'), 'utf8')
  const denying = [
    answer('a', { denies: [row(web, db)], strays: { invalid: 0, bridgeLocal: 120 } }),
    answer('b', {
      denies: [row(web, db, { node: 'b', packets: 12 })],
      opens: [row(api, db, { carries: { protocol: 'TCP', port: 9187 }, packets: 3, lastAge: 40, firstAge: 2_400 })],
    }),
  ]
  expect(page).toContain(auditText(reportOf(denying), { width: 100 }))
  expect(page).toContain(auditText(reportOf([answer('a'), answer('b')]), { width: 100 }))
  expect(page).toContain(auditText(reportOf([answer('a')], ['b']), { width: 100 }))
})

test('text of nodes and pods cannot move the cursor, in no answer that is taken', () => {
  const evil = '\u001b[2Jx\nnode'
  const named: FlowEnd = { ...web, kind: 'pod', namespace: evil, name: evil, workload: undefined, createdAt: '' }
  const hostile = answer(evil, {
    denies: [row(named, db)],
    strays: { invalid: 3, bridgeLocal: null },
    window: { since: null, age: 0, because: evil },
  })
  expect(isAgentAudit(JSON.parse(JSON.stringify(hostile)))).toBe(true)
  const text = auditText(reportOf([hostile], [evil]), { width: 80 })
  expect(text.replaceAll('\n', '')).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]*$/u)
  expect(JSON.stringify(auditJson(reportOf([hostile])))).not.toContain('\u001b')
})

test('an answer with a part that is none is no answer', () => {
  const whole = answer('a', { denies: [row(web, db)], opens: [row(api, db)] })
  expect(isAgentAudit(whole)).toBe(true)
  for (const broken of [
    { ...whole, at: 'now' },
    { ...whole, established: 'x' },
    { ...whole, window: {} },
    { ...whole, policies: [{}] },
    { ...whole, denies: [row({ ...db, address: 'x' }, web)] },
    { ...whole, denies: [row(web, db, { packets: -1 })] },
    { ...whole, opens: [row(web, db, { carries: { protocol: 'TCP', port: 70_000 } })] },
    { ...whole, opens: [{ ...row(web, db), doubt: 'x' }] },
    { ...whole, strays: { invalid: 0 } },
  ]) {
    expect(isAgentAudit(JSON.parse(JSON.stringify(broken))), JSON.stringify(broken)).toBe(false)
  }
})
