import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import type { AgentAudit, WouldRow } from '../../src/telemetry/agent-audit.ts'
import { isAgentAudit } from '../../src/telemetry/is-agent-audit.ts'
import { auditJson } from '../../src/views/audit-json.ts'
import { type AuditReport, auditReport } from '../../src/views/audit-report.ts'
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
  rules: [],
  denies: [],
  opens: [],
  strays: { invalid: 0, bridgeLocal: null },
  ...changes,
})

const use = (rule: string, changes: Partial<RuleUse> = {}): RuleUse => ({
  policy: 'shop/db',
  rule,
  use: 'never',
  packets: 0,
  age: 10_800,
  also: [],
  ...changes,
})

const all = () => true
const reportOf = (answers: readonly AgentAudit[], silent: readonly string[] = []) => auditReport(answers, silent, all)

/** What its text of shop/db says, as a name. */
const saying = (node: string, content: string): AgentAudit =>
  answer(node, { policies: answer(node).policies.map((policy) => ({ ...policy, content })) })

test('nodes that hold one text of each policy agree, and an older agent, which does not tell it, stands in nobody’s way', () => {
  expect(reportOf([saying('a', 'new'), saying('b', 'new'), answer('c')])).toMatchObject({ verdict: 'safe', why: [] })
})

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
    [[saying('b', 'new'), saying('c', 'new'), saying('a', 'old')], [], 'nodes a and b hold different texts of shop/db'],
    [[answer('a'), saying('b', 'new'), saying('c', 'old')], [], 'nodes b and c hold different texts of shop/db'],
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

test('what two policies would deny is a row of each, and counted once', () => {
  const both = { policies: ['shop/db', 'shop/web'] }
  const [policy] = answer('a').policies
  if (policy === undefined) throw new Error('no policy')
  const policies = [policy, { ...policy, policy: 'shop/web' }]
  const told = (...denies: readonly WouldRow[]) =>
    auditText(reportOf([answer('a', { policies, denies })]), { width: 100 })
  expect(told(row(web, db, both))).toContain('): 1 flow above would be denied')
  expect(told(row(web, db, both), row(api, db))).toContain('): 2 flows above would be denied')
})

test('what was seen before the time that is told, and not since, decides nothing, and is told apart; without such a time all counts', () => {
  const hour = { window: { since: '2026-11-28T23:00:00.000Z', age: 3_600, because: 'the agent began' } }
  const told = (lastAge: number, more: Partial<AgentAudit> = hour, doubt: WouldRow['doubt'] = 'none') =>
    reportOf([answer('a', more), answer('b', { denies: [row(web, db, { lastAge, doubt })] })])
  const older = told(7_200)
  expect(older).toMatchObject({ verdict: 'safe', why: [], window: 3_600 })
  expect(older.policies[0]).toMatchObject({ denies: [], older: [{ lastAge: 7_200 }] })
  const text = auditText(older, { width: 200 })
  expect(text).toContain(
    '\n  would deny: nothing that was seen\n  would deny, and was not seen in the last 60m:\n    LAST',
  )
  expect(text).toContain(
    'nothing that was seen would be denied; of what was seen before that time 1 flow above would be\n',
  )
  expect(JSON.parse(JSON.stringify(auditJson(older)))).toMatchObject({ policies: [{ older: [{ lastAge: 7_200 }] }] })
  expect(told(3_600)).toMatchObject({ verdict: 'denies', policies: [{ denies: [{}], older: [] }] })
  // Rounded on the way.
  expect(told(3_602).verdict).toBe('denies')
  expect(told(3_603).verdict).toBe('safe')
  expect(told(7_200, {}).verdict).toBe('denies')
  expect(told(7_200, { window: { since: null, age: 0, because: 'the agent began' } }).verdict).toBe('denies')
  expect([told(3_600, hour, 'direction unknown').verdict, told(7_200, hour, 'direction unknown').verdict]).toEqual([
    'not told',
    'safe',
  ])
  // A time that has just begun is not one in which nothing was seen.
  const moment = { window: { ...hour.window, age: 2 } }
  expect([told(60, moment).verdict, told(3_602, moment).verdict, told(3_603, moment).verdict]).toEqual([
    'denies',
    'denies',
    'safe',
  ])
  // One pod of a workload was seen in time, and so it was seen.
  const both = [row(web, db, { lastAge: 7_200 }), row(pod('web', '10.244.1.11'), db, { lastAge: 60 })]
  expect(reportOf([answer('a', { ...hour, denies: both })])).toMatchObject({
    verdict: 'denies',
    policies: [{ denies: [{ packets: 28, lastAge: 60 }], older: [] }],
  })
})

test('an end of which no pod is left is gone', () => {
  const gone: FlowEnd = {
    kind: 'pod',
    address: '10.244.1.10',
    namespace: 'shop',
    name: 'job-x',
    workload: { kind: 'Job', name: 'job' },
    createdAt: '',
    gone: true,
  }
  const told = answer('a', { denies: [row(gone, db)] })
  expect(isAgentAudit(told)).toBe(true)
  const report = reportOf([told])
  expect(report.verdict).toBe('denies')
  expect(auditText(report, { width: 100 })).toMatch(/ shop\/job \(gone\)  shop\/db /)
})

test('late answers stand apart, and neither deny nor stand in the way', () => {
  const late = row(db, web, { carries: { protocol: 'UDP', port: 40_000 }, doubt: 'late answer' })
  const report = reportOf([answer('a', { denies: [late] })])
  expect(report.verdict).toBe('safe')
  expect(report.policies[0]).toMatchObject({ denies: [], doubtful: [{ doubt: 'late answer' }] })
})

test('a rule never matched only where every node of its pods can tell, over the shortest time; what one saw was used', () => {
  const rulesOf = (...answers: readonly AgentAudit[]) =>
    reportOf(answers).policies[0]?.rules.map(({ rule, use: of, packets, age, also }) =>
      [rule, of, packets, age, ...also].join(' '),
    )
  const elsewhere = { policy: 'shop/db', since: '2026-11-28T20:00:00.000Z', age: 14_400, pods: 0, problem: '' }
  expect(
    rulesOf(
      answer('a', {
        rules: [
          use('ingress[0]', { use: 'used', packets: 3, age: 40 }),
          use('ingress[1]'),
          use('ingress[2]'),
          use('ingress[3]', { use: 'not known', also: ['shop/x ingress[0]'] }),
          use('ingress[4]'),
          use('ingress[5]', { use: 'used', packets: 1, age: 90 }),
        ],
      }),
      answer('b', {
        rules: [
          use('ingress[0]'),
          use('ingress[1]', { age: 60 }),
          use('ingress[2]', { use: 'not asked' }),
          use('ingress[3]'),
          use('ingress[5]', { use: 'used', packets: 4, age: 20 }),
          use('ingress[0]', { policy: 'shop/other', use: 'used', packets: 7 }),
        ],
      }),
      // None of its pods is here, so it says nothing.
      answer('c', { policies: [elsewhere], rules: [use('ingress[1]', { age: 0 })] }),
    ),
  ).toEqual([
    'ingress[0] used 3 40',
    'ingress[1] never 0 60',
    'ingress[2] not asked 0 10800',
    'ingress[3] not known 0 10800 shop/x ingress[0]',
    'ingress[4] not known 0 0',
    'ingress[5] used 5 20',
  ])
  expect(rulesOf(answer('a', { policies: [elsewhere], rules: [use('ingress[0]')] }))).toEqual([])
})

test('what cannot be told of a rule says why', () => {
  const told = (...rules: readonly RuleUse[]) => auditText(reportOf([answer('a', { rules })]), { width: 100 })
  const used = use('ingress[0]', { use: 'used', packets: 3 })
  expect(told()).not.toContain('matched')
  expect(told(used)).toContain('\n  never matched: none of its rules\n')
  expect(told(used, use('egress[0]', { use: 'not asked' }), use('egress[1]'))).toContain(
    [
      '  never matched: egress[1] in 3h',
      '  cannot be told whether it matched:',
      '    egress[0]: enforced policies isolate its pods already\n',
    ].join('\n'),
  )
})

test('docs/audit.md quotes what is printed', () => {
  const page = readFileSync(join(PROJECT_ROOT, 'docs', 'audit.md'), 'utf8')
  const noted = [
    use('ingress[0]', { use: 'used', packets: 31 }),
    use('ingress[1]'),
    use('ingress[2]', { use: 'not known', also: ['shop/metrics ingress[0]'] }),
  ]
  const granted = [use('ingress[0]', { use: 'used', packets: 31 })]
  const denying = [
    answer('a', { denies: [row(web, db)], rules: noted, strays: { invalid: 0, bridgeLocal: 120 } }),
    answer('b', {
      denies: [row(web, db, { node: 'b', packets: 12 })],
      rules: noted,
      opens: [row(api, db, { carries: { protocol: 'TCP', port: 9187 }, packets: 3, lastAge: 40, firstAge: 2_400 })],
    }),
  ]
  expect(page).toContain(auditText(reportOf(denying), { width: 100 }))
  expect(page).toContain(
    auditText(reportOf([answer('a', { rules: granted }), answer('b', { rules: granted })]), { width: 100 }),
  )
  expect(page).toContain(auditText(reportOf([answer('a', { rules: granted })], ['b']), { width: 100 }))
})

test('text of nodes and pods cannot move the cursor, in no answer that is taken', () => {
  const evil = '\u001b[2Jx\nnode'
  const named: FlowEnd = { ...web, kind: 'pod', namespace: evil, name: evil, workload: undefined, createdAt: '' }
  const hostile = answer(evil, {
    denies: [row(named, db)],
    rules: [use(evil, { policy: 'shop/db', use: 'not known', also: [evil] }), use(`${evil}2`)],
    strays: { invalid: 3, bridgeLocal: null },
    window: { since: null, age: 0, because: evil },
  })
  expect(isAgentAudit(JSON.parse(JSON.stringify(hostile)))).toBe(true)
  const text = auditText(reportOf([hostile], [evil]), { width: 80 })
  expect(text.replaceAll('\n', '')).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]*$/u)
  expect(JSON.stringify(auditJson(reportOf([hostile])))).not.toContain('\u001b')
})

test('an answer with a part that is none is no answer', () => {
  const whole = answer('a', { denies: [row(web, db)], opens: [row(api, db)], rules: [use('ingress[0]')] })
  expect(isAgentAudit(whole)).toBe(true)
  for (const broken of [
    { ...whole, at: 'now' },
    { ...whole, established: 'x' },
    { ...whole, window: {} },
    { ...whole, policies: [{}] },
    { ...whole, policies: whole.policies.map((policy) => ({ ...policy, content: 1 })) },
    { ...whole, rules: 'none' },
    { ...whole, rules: [{ ...use('ingress[0]'), use: 'x' }] },
    { ...whole, rules: [{ ...use('ingress[0]'), also: [1] }] },
    { ...whole, denies: [row({ ...db, address: 'x' }, web)] },
    { ...whole, denies: [{ ...row(web, db), to: { ...db, gone: 'yes' } }] },
    { ...whole, denies: [row(web, db, { packets: -1 })] },
    { ...whole, opens: [row(web, db, { carries: { protocol: 'TCP', port: 70_000 } })] },
    { ...whole, opens: [{ ...row(web, db), doubt: 'x' }] },
    { ...whole, strays: { invalid: 0 } },
  ]) {
    expect(isAgentAudit(JSON.parse(JSON.stringify(broken))), JSON.stringify(broken)).toBe(false)
  }
})

test('where there is no room for whose direction it is, the names of the ends come first', () => {
  const [long, other] = [pod(`web-${'x'.repeat(15)}`, '10.244.1.10'), pod(`db-${'x'.repeat(15)}`, '10.244.2.30')]
  const told = (width: number) => auditText(reportOf([answer('a', { denies: [row(long, other)] })]), { width })
  expect(told(130)).toContain('5432/TCP  ingress of shop/db-x')
  expect(told(92)).toMatch(/ shop\/web-x{15} +shop\/db-x{15} +5432\/TCP +ingress\n/)
})

test('while a node is silent, or an older agent tells no rules, nothing is said never to match', () => {
  const [one, other] = [answer('a', { rules: [use('ingress[0]')] }), answer('b', { rules: undefined })]
  const uses = (report: AuditReport) => report.policies.flatMap(({ rules }) => rules.map((rule) => rule.use))
  expect(uses(reportOf([one]))).toEqual(['never'])
  expect(uses(reportOf([one], ['b']))).toEqual(['not known'])
  expect(isAgentAudit(other)).toBe(true)
  expect(uses(reportOf([one, other]))).toEqual(['not known'])
})

test('where lines are too long names stay whole, and the end goes below', () => {
  const long = pod('a-workload-with-a-name-that-is-rather-long-5d4f8c7b9d', '10.244.1.10')
  const text = auditText(reportOf([answer('a', { denies: [row(long, db)] })]), { width: 80 })
  expect(text).toContain('a-workload-with-a-name-that-is-rather-long-5d4f8c7b9d')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})
