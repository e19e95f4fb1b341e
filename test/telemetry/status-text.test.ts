import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AgentStatus, Enforced } from '../../src/telemetry/agent-status.ts'
import { statusText } from '../../src/views/status-text.ts'
import { numRuns } from '../support/runs.ts'
import { sampleStatus, sampleStream } from './sample-status.ts'

const PLAIN = { color: false, width: 80 }
const ENFORCED = sampleStatus().enforced as Enforced

const firstLine = (changes: Partial<AgentStatus>): string =>
  statusText(sampleStatus(changes), { ...PLAIN, width: 200 }).split('\n', 1)[0] ?? ''

const TROUBLED: AgentStatus = sampleStatus({
  streams: [
    sampleStream('pods', { connected: false, silentFor: 34_400, state: 'connection refused; is the API server up?' }),
    sampleStream('namespaces', { resourceVersion: '1240', appliedVersion: '1238' }),
  ],
  pending: { events: 3, oldestMilliseconds: 2_200 },
  problems: [
    {
      of: 'NetworkPolicy shop/broken',
      problem: 'spec.ingress[0].ports[0].port: 70000 is not a port number between 1 and 65535, so its pods are closed',
      hint: 'write a number from 1 to 65535',
    },
  ],
  driftRepairs: { table: 1, elements: 2 },
  lastApply: {
    at: '2026-11-21T01:29:30.000Z',
    durationMilliseconds: 1,
    transactions: 1,
    bytes: 1,
    result: 'nft: No space left on device',
  },
  enforced: {
    ...ENFORCED,
    policies: [
      ...ENFORCED.policies,
      {
        policy: 'shop/broken',
        selects: ['shop/database-0', 'shop/database-1', 'shop/database-2', 'shop/database-3', 'shop/database-4'],
        state: 'closed',
        reason: 'port 70000',
      },
      { policy: 'ops/torn', selects: [], state: 'closed', reason: 'its podSelector cannot be read' },
    ],
    pods: [
      ...ENFORCED.pods,
      {
        pod: 'production-west/a-very-long-name-that-does-not-fit-anywhere-889787f979-abcde',
        addresses: ['fd00:10:244:1::7', '10.1.1.1'],
        ingress: 'open',
        egress: 'isolated',
        policies: ['production-west/one', 'production-west/two', 'production-west/three'],
      },
    ],
  },
})

const NOT_READY: AgentStatus = sampleStatus({
  ready: false,
  enforced: undefined,
  lastApply: undefined,
  counts: { sets: 0, elements: 0, chains: 0 },
  reasons: [
    {
      id: 'bridge-nf-call-iptables',
      problem: 'packets between pods of cni0 do not pass nftables: net.bridge.bridge-nf-call-iptables is 0',
      cure: 'modprobe br_netfilter and sysctl -w net.bridge.bridge-nf-call-iptables=1',
    },
  ],
  streams: [
    sampleStream('pods', {
      connected: false,
      synced: false,
      silentFor: undefined,
      state: 'HTTP 403: may not list pods; apply deploy/rbac.yaml',
      resourceVersion: '',
      appliedVersion: undefined,
    }),
  ],
})

const HOLDING: AgentStatus = sampleStatus({
  held: [
    { address: '10.244.1.17', pod: 'shop/web-1', seconds: 3, why: 'no such pod heard of' },
    { address: 'fd44:0:0:1::17', pod: 'shop/web-1', seconds: 3, why: 'no such pod heard of' },
  ],
})

test.each([
  ['fine', sampleStatus(), PLAIN],
  ['fine-color', sampleStatus(), { ...PLAIN, color: true }],
  ['troubled', TROUBLED, PLAIN],
  ['troubled-color', TROUBLED, { ...PLAIN, color: true }],
  ['troubled-wide', TROUBLED, { ...PLAIN, width: 160 }],
  ['troubled-two-rows', TROUBLED, { ...PLAIN, rows: 2 }],
  ['not-ready', NOT_READY, PLAIN],
  ['holding', HOLDING, PLAIN],
])('the text of an agent: %s', async (name, status, options) => {
  await expect(statusText(status, options)).toMatchFileSnapshot(`golden/status-${name}.txt`)
})

test.each<readonly [string, Partial<AgentStatus>, string]>([
  ['all is well', {}, 'enforcing 2 policies on 3 pods since 2026-11-20 22:10 UTC (3 h), up to date'],
  [
    'one of each',
    { enforced: { ...ENFORCED, policies: ENFORCED.policies.slice(0, 1), pods: ENFORCED.pods.slice(0, 1) } },
    'enforcing 1 policy on 1 pod since 2026-11-20 22:10 UTC (3 h), up to date',
  ],
  [
    'no policy',
    { enforced: { ...ENFORCED, policies: [], pods: [] } },
    'enforcing 0 policies on 0 pods since 2026-11-20 22:10 UTC (3 h), up to date',
  ],
  [
    'a stream is cut',
    { streams: [sampleStream('pods', { connected: false, silentFor: 34_000 }), sampleStream('namespaces')] },
    'enforcing 2 policies on 3 pods since 2026-11-20 22:10 UTC (3 h), truth is 34 s old',
  ],
  [
    'a stream never came',
    { streams: [sampleStream('pods', { synced: false, connected: false, silentFor: undefined })] },
    'enforcing 2 policies on 3 pods since 2026-11-20 22:10 UTC (3 h), part of the truth never came',
  ],
  [
    'events wait',
    { pending: { events: 12, oldestMilliseconds: 3_000 } },
    'enforcing 2 policies on 3 pods since 2026-11-20 22:10 UTC (3 h), 12 events waiting for 3 s',
  ],
  [
    'an event has just come',
    { pending: { events: 1, oldestMilliseconds: 40 } },
    'enforcing 2 policies on 3 pods since 2026-11-20 22:10 UTC (3 h), up to date',
  ],
  ['nothing applied', { enforced: undefined, ready: false }, 'NOT enforcing: nothing has been applied yet'],
  [
    'the kernel is not as it should be',
    { ready: false, reasons: [{ id: 'apply-failed', problem: 'nft fails', cure: '' }] },
    'NOT enforcing as it should: nft fails',
  ],
])('the first line is the answer: %s', (_, changes, line) => {
  expect(firstLine(changes)).toBe(line)
})

test.each([
  [0, '0 s'],
  [119_400, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '119 min'],
  [7_200_000, '2 h'],
  [172_799_000, '47 h'],
  [172_800_000, '2 d'],
])('an age of %s ms reads %s', (milliseconds, words) => {
  const at = new Date(Date.parse(ENFORCED.since) + milliseconds).toISOString()
  expect(firstLine({ at })).toContain(`(${words})`)
})

test('is it enforced yet: what is applied, and what is seen where that is further', () => {
  const streams = [
    sampleStream('pods', { resourceVersion: '1250', appliedVersion: '1240' }),
    sampleStream('networkpolicies'),
    sampleStream('namespaces', { appliedVersion: undefined }),
  ]
  const text = statusText(sampleStatus({ streams }), { ...PLAIN, width: 200 })
  expect(text).toContain('\napplied: pods 1240 (seen 1250), networkpolicies 1234, namespaces none (seen 1234)\n')
  const files = [sampleStream('manifests', { resourceVersion: '', appliedVersion: undefined })]
  expect(statusText(sampleStatus({ streams: files }), PLAIN)).not.toContain('applied: ')
})

test('a problem that names a policy stands for it: nothing is said twice', () => {
  const text = statusText(TROUBLED, PLAIN)
  expect(text).not.toContain('port 70000')
  expect(text.match(/shop\/broken/g)).toHaveLength(2)
})

test('a name stays whole where there is room, and without a limit every row is there', () => {
  const pods = Array.from({ length: 300 }, (_, index) => ({
    pod: `shop/backend-${index}`,
    addresses: [`10.244.1.${index}`],
    ingress: 'isolated' as const,
    egress: 'open' as const,
    policies: ['shop/backend'],
  }))
  const text = statusText(sampleStatus({ enforced: { ...ENFORCED, pods } }), PLAIN)
  for (const { pod } of pods) expect(text).toContain(`${pod} `)
})

const texts = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom('\u001b[2J', 'a\u0007b', '\u202e', 'x\r\ny', ''),
)
const lists = fc.array(texts, { maxLength: 5 })

test('whatever the objects say, no line is wider than the terminal and no character moves its cursor', () => {
  const policies = fc.record({
    policy: texts,
    selects: lists,
    state: fc.constantFrom('enforced', 'closed'),
    reason: texts,
  })
  const pods = fc.record({
    pod: texts,
    addresses: lists,
    ingress: fc.constantFrom('open', 'isolated'),
    egress: fc.constantFrom('open', 'isolated'),
    policies: lists,
  })
  const problems = fc.record({ of: texts, problem: texts, hint: texts })
  fc.assert(
    fc.property(
      fc.array(policies, { maxLength: 5 }),
      fc.array(pods, { maxLength: 5 }),
      fc.array(problems, { maxLength: 3 }),
      fc.boolean(),
      fc.constantFrom(80, 120),
      (somePolicies, somePods, someProblems, color, width) => {
        const enforced = { ...ENFORCED, policies: somePolicies, pods: somePods }
        const text = statusText(sampleStatus({ enforced, problems: someProblems }), { color, width })
        const bare = color ? stripVTControlCharacters(text) : text
        expect(bare).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} \n]*$/u)
        const inTables = bare.split('\n').slice(bare.split('\n').findIndex((line) => /^PO(LICY|D) /.test(line)))
        if (somePolicies.length + somePods.length > 0) {
          for (const line of inTables) expect(line.length).toBeLessThanOrEqual(width)
        }
      },
    ),
    { numRuns: numRuns(200) },
  )
})
