import { expect, test } from 'vitest'
import type { MetricsSnapshot } from '../../src/telemetry/metrics-snapshot.ts'
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts'
import { type Family, parseExposition } from './parse-exposition.ts'
import { sampleStream } from './sample-status.ts'

function sampleSnapshot(changes: Partial<MetricsSnapshot> = {}): MetricsSnapshot {
  return {
    ready: true,
    reasons: [],
    streams: [
      sampleStream('pods', { restarts: { 'clean close': 4, timeout: 1 }, relists: { gone: 2 } }),
      sampleStream('networkpolicies', { connected: false, silentFor: 34_500 }),
    ],
    objects: { Pod: 12, Namespace: 3, NetworkPolicy: 5 },
    counts: { sets: 14, elements: 21, chains: 9 },
    generation: 7,
    isolatedPods: { ingress: 3, egress: 1 },
    policies: { enforced: 4, closed: 1, audited: 2 },
    failingPolicies: [{ policy: 'shop/broken', state: 'closed' }],
    appliedVersions: { Pod: '120034', NetworkPolicy: '119000' },
    pending: { events: 2, oldestMilliseconds: 1500 },
    lastAppliedAt: 1_790_000_000_000,
    problems: 1,
    findings: [{ id: 'no-br-netfilter', severity: 'warning' }],
    heldAddresses: 2,
    heldPackets: 17,
    deniedPackets: { policy: 42, stray: 3 },
    deniedByNamespace: [
      { namespace: 'shop', direction: 'ingress', packets: 40 },
      { namespace: 'ops', direction: 'egress', packets: 2 },
    ],
    wouldDenyByNamespace: [{ namespace: 'shop', direction: 'egress', packets: 5 }],
    notedFlows: [
      { fate: 'denied', flows: 12, unnoted: 3, sources: 1 },
      { fate: 'allowed', flows: 90, unnoted: undefined, sources: 0 },
    ],
    logLinesLost: 0,
    ...changes,
  }
}

function sampleMetrics(snapshot?: () => MetricsSnapshot): Metrics {
  const metrics = createMetrics({ version: '0.1.0' })
  if (snapshot !== undefined) metrics.readFrom(snapshot)
  return metrics
}

async function scrape(metrics: Metrics): Promise<ReadonlyMap<string, Family>> {
  return parseExposition(await metrics.exposition())
}

/** Values of one family, by their labels' values. */
function values(families: ReadonlyMap<string, Family>, name: string): Readonly<Record<string, number>> {
  const series = families.get(`selvedge_${name}`)?.series ?? []
  return Object.fromEntries(series.map(({ labels, value }) => [Object.values(labels).join(' '), value]))
}

test('the text is well-formed before there is a snapshot and after, and every name is ours', async () => {
  const metrics = sampleMetrics()
  const before = await scrape(metrics)
  metrics.readFrom(() => sampleSnapshot())
  const after = await scrape(metrics)
  expect([...after.keys()].filter((name) => !name.startsWith('selvedge_'))).toEqual([])
  expect([...after.keys()]).toEqual([...before.keys()])
  expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(values(before, 'ready')).toEqual({})
  expect(Object.keys(values(before, 'build_info'))).toEqual([`0.1.0 ${process.version}`])
})

test('gauges show the snapshot', async () => {
  const families = await scrape(sampleMetrics(() => sampleSnapshot()))
  const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    ready: { '': 1 },
    stream_connected: { pods: 1, networkpolicies: 0 },
    truth_age_seconds: { pods: 0, networkpolicies: 34.5 },
    stream_silent_seconds: { pods: 4.2, networkpolicies: 34.5 },
    watch_restarts_total: { 'pods clean close': 4, 'pods timeout': 1 },
    relists_total: { 'pods gone': 2 },
    objects: { Pod: 12, Namespace: 3, NetworkPolicy: 5 },
    sets: { '': 14 },
    set_elements: { '': 21 },
    chains: { '': 9 },
    generation: { '': 7 },
    isolated_pods: { ingress: 3, egress: 1 },
    policies: { enforced: 4, closed: 1, audited: 2 },
    policy_failing: { 'shop/broken closed': 1 },
    applied_resource_version: { Pod: 120034, NetworkPolicy: 119000 },
    pending_events: { '': 2 },
    pending_oldest_seconds: { '': 1.5 },
    last_apply_timestamp_seconds: { '': 1_790_000_000 },
    preflight_findings: { 'no-br-netfilter warning': 1 },
    denied_packets_total: { policy: 42, stray: 3 },
    denied_pod_packets_total: { 'shop ingress': 40, 'ops egress': 2 },
    noted_flows: { denied: 12, allowed: 90 },
    unnoted_packets: { denied: 3 },
    folded_sources: { denied: 1, allowed: 0 },
    held_addresses: { '': 2 },
    held_packets_total: { '': 17 },
    log_lines_lost_total: { '': 0 },
  }
  for (const [name, value] of Object.entries(expected)) expect([name, values(families, name)]).toEqual([name, value])
})

test('what is not known is absent, and what is gone goes', async () => {
  let snapshot = sampleSnapshot()
  const metrics = sampleMetrics(() => snapshot)
  await scrape(metrics)
  snapshot = sampleSnapshot({
    generation: undefined,
    deniedPackets: undefined,
    heldPackets: undefined,
    lastAppliedAt: undefined,
    failingPolicies: [],
    appliedVersions: { Pod: 'opaque', NetworkPolicy: '' },
    streams: [sampleStream('pods', { silentFor: undefined, connected: false, synced: false })],
  })
  const families = await scrape(metrics)
  const absent = [
    'generation',
    'denied_packets_total',
    'held_packets_total',
    'last_apply_timestamp_seconds',
    'policy_failing',
  ]
  for (const name of absent) {
    expect([name, values(families, name)]).toEqual([name, {}])
  }
  expect(values(families, 'applied_resource_version')).toEqual({})
  expect(values(families, 'truth_age_seconds')).toEqual({})
  expect(values(families, 'stream_synced')).toEqual({ pods: 0 })
})

test('what has to be read first is read before each scrape', async () => {
  let read = 0
  const metrics = createMetrics({ version: '0.1.0' })
  metrics.readFrom(
    () => sampleSnapshot({ deniedPackets: { policy: read, stray: 0 } }),
    async () => {
      await Promise.resolve()
      read += 1
    },
  )
  expect(values(await scrape(metrics), 'denied_packets_total')).toEqual({ policy: 1, stray: 0 })
  expect(values(await scrape(metrics), 'denied_packets_total')).toEqual({ policy: 2, stray: 0 })
})

test('a counter that a source counts is the same at every scrape', async () => {
  const metrics = sampleMetrics(() => sampleSnapshot())
  await scrape(metrics)
  const families = await scrape(metrics)
  expect(values(families, 'watch_restarts_total')).toEqual({ 'pods clean close': 4, 'pods timeout': 1 })
  expect(values(families, 'denied_packets_total')).toEqual({ policy: 42, stray: 3 })
})

test('events are counted by class and result, and durations add up', async () => {
  const metrics = sampleMetrics()
  const application = { reason: 'changes', durationMilliseconds: 4, transactions: 2, bytes: 100 }
  metrics.applied({ ...application, ok: true, waitedMilliseconds: 12 })
  metrics.applied({ ...application, ok: true })
  metrics.applied({ ...application, ok: false, errorKind: 'busy', waitedMilliseconds: 12 })
  metrics.applied({ ...application, ok: false })
  metrics.nftRun({ bytes: 100, result: 'ok', way: 'standing' })
  metrics.nftRun({ bytes: 50, result: 'busy', way: 'process' })
  metrics.driftRepaired('elements')
  metrics.foreignCommit()
  for (const seconds of [0.25, 0.5]) metrics.heldFor(seconds)
  const families = await scrape(metrics)
  expect(values(families, 'applies_total')).toEqual({ 'changes ok': 2, 'changes busy': 1, 'changes failed': 1 })
  expect(values(families, 'transactions_total')).toEqual({ '': 8 })
  expect(values(families, 'apply_duration_seconds')).toMatchObject({ '0.0025 changes': 0, '0.005 changes': 4 })
  const latency = families.get('selvedge_event_to_kernel_seconds')?.series
  expect(latency?.find(({ name }) => name.endsWith('_count'))?.value).toBe(1)
  expect(values(families, 'nft_runs_total')).toEqual({ 'ok standing': 1, 'busy process': 1 })
  expect(values(families, 'nft_bytes_total')).toEqual({ '': 150 })
  expect(values(families, 'drift_repairs_total')).toEqual({ elements: 1 })
  expect(values(families, 'foreign_commits_total')).toEqual({ '': 1 })
  const held = families.get('selvedge_hold_seconds')?.series ?? []
  const ending = (end: string) => held.find(({ name }) => name.endsWith(end))?.value
  expect([ending('_count'), ending('_sum')]).toEqual([2, 0.75])
})

test('no name, reason or error that somebody makes up breaks the text', async () => {
  const evil = 'a"b\\c\nselvedge_ready 0\r{x="y"}\u2028'
  const metrics = sampleMetrics(() =>
    sampleSnapshot({
      failingPolicies: [{ policy: evil, state: 'closed' }],
      streams: [sampleStream(evil, { restarts: { [evil]: 1 } })],
      pending: { events: Number.NaN, oldestMilliseconds: Number.POSITIVE_INFINITY },
    }),
  )
  metrics.driftRepaired(evil)
  const families = await scrape(metrics)
  expect(families.get('selvedge_policy_failing')?.series[0]?.labels).toEqual({ policy: evil, state: 'closed' })
  expect(values(families, 'watch_restarts_total')).toEqual({ [`${evil} ${evil}`]: 1 })
  expect(values(families, 'pending_events')).toEqual({})
})

test('the number of series is bounded, and nothing counted is lost', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `shop/broken-${index}`)
  const metrics = sampleMetrics(() =>
    sampleSnapshot({
      policies: { enforced: 0, closed: 5_000, audited: 0 },
      failingPolicies: many.map((policy) => ({ policy, state: 'closed' })),
    }),
  )
  for (const what of many) metrics.driftRepaired(what)
  const families = await scrape(metrics)
  expect(families.get('selvedge_policy_failing')?.series).toHaveLength(100)
  expect(values(families, 'policies')).toMatchObject({ closed: 5_000 })
  const repairs = Object.values(values(families, 'drift_repairs_total'))
  expect(repairs.length).toBeLessThan(50)
  expect(repairs.reduce((sum, each) => sum + each, 0)).toBe(5_000)
})

test('process numbers are there, and plausible', async () => {
  const families = await scrape(sampleMetrics())
  expect(values(families, 'process_resident_memory_bytes')['']).toBeGreaterThan(10_000_000)
  expect(values(families, 'process_cpu_seconds_total')['']).toBeGreaterThan(0)
  expect(values(families, 'process_start_time_seconds')['']).toBeLessThanOrEqual(Date.now() / 1000)
})

test('a snapshot that throws is told to who asks, and two registries do not meet', async () => {
  const broken = sampleMetrics(() => {
    throw new Error('a bug')
  })
  await expect(broken.exposition()).rejects.toThrow('a bug')
  const families = await scrape(sampleMetrics(() => sampleSnapshot()))
  expect(values(families, 'ready')).toEqual({ '': 1 })
})

const BROKEN: readonly (readonly [string, string])[] = [
  ['no end of line', '# HELP a b\n# TYPE a gauge\na 1'],
  ['a family twice', '# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\n'],
  ['a series twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
  ['a raw quote', '# HELP a b\n# TYPE a gauge\na{x="1"2"} 1\n'],
  ['no number', '# HELP a b\n# TYPE a gauge\na Nan\n'],
  ['a counter without _total', '# HELP a b\n# TYPE a counter\na 1\n'],
  ['a foreign sample', '# HELP a b\n# TYPE a gauge\nb 1\n'],
  [
    'buckets that fall',
    '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
]

test.each(BROKEN)('the reader of these tests refuses: %s', (_, text) => {
  expect(() => parseExposition(text)).toThrow(Error)
})
