import { POLICY_STATES } from './agent-status.ts'
import type { MetricsSnapshot, OfNamespace } from './metrics-snapshot.ts'
import { truthAges } from './truth-age.ts'

/** One metric whose values are read from a snapshot. */
export interface SnapshotMetric {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  readonly labelNames: readonly string[]
  readonly read: (snapshot: MetricsSnapshot) => readonly Sample[]
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Everything that is read lazily. What is not known has no sample: an absent series is honest, a zero is not. */
export const SNAPSHOT_METRICS: readonly SnapshotMetric[] = [
  gauge('ready', 'Whether /readyz says yes.', ({ ready }) => Number(ready)),
  labelled('readiness_reasons', 'Why the node is not ready.', ['id'], ({ reasons }) =>
    reasons.map(({ id }) => sample({ id }, 1)),
  ),
  labelled('stream_synced', 'Whether the first truth of a stream is complete.', ['stream'], ({ streams }) =>
    streams.map(({ name, synced }) => sample({ stream: name }, Number(synced))),
  ),
  labelled('stream_connected', 'Whether a stream is connected.', ['stream'], ({ streams }) =>
    streams.map(({ name, connected }) => sample({ stream: name }, Number(connected))),
  ),
  labelled('truth_age_seconds', 'For how long changes may have been missed.', ['stream'], ({ streams }) =>
    truthAges(streams).flatMap(({ stream, ageSeconds }) =>
      ageSeconds === null ? [] : [sample({ stream }, ageSeconds)],
    ),
  ),
  labelled('stream_silent_seconds', 'Time since anything came over a stream.', ['stream'], ({ streams }) =>
    truthAges(streams).flatMap(({ stream, silentSeconds }) =>
      silentSeconds === null ? [] : [sample({ stream }, silentSeconds)],
    ),
  ),
  counters('watch_restarts_total', 'Watches begun again, by reason.', ({ streams }) =>
    streams.flatMap(({ name, restarts }) => byReason(name, restarts)),
  ),
  counters('relists_total', 'Full lists after the first, by reason.', ({ streams }) =>
    streams.flatMap(({ name, relists }) => byReason(name, relists)),
  ),
  labelled('objects', 'Objects that the engine holds.', ['kind'], ({ objects }) =>
    Object.entries(objects).map(([kind, count]) => sample({ kind }, count)),
  ),
  gauge('sets', 'Sets and maps in our table.', ({ counts }) => counts.sets),
  gauge('set_elements', 'Elements of all sets and maps in our table.', ({ counts }) => counts.elements),
  gauge('chains', 'Chains in our table.', ({ counts }) => counts.chains),
  gauge('generation', 'The generation that judged flows carry.', ({ generation }) => generation),
  labelled('isolated_pods', 'Pods of this node that a policy isolates.', ['direction'], ({ isolatedPods }) =>
    (['ingress', 'egress'] as const).map((direction) => sample({ direction }, isolatedPods[direction])),
  ),
  labelled('policies', 'Policies of this node by state.', ['state'], ({ policies }) =>
    POLICY_STATES.map((state) => sample({ state }, policies[state])),
  ),
  labelled('policy_failing', 'A policy that is not enforced as written.', ['policy', 'state'], ({ failingPolicies }) =>
    failingPolicies.map(({ policy, state }) => sample({ policy, state }, 1)),
  ),
  labelled('applied_resource_version', 'Everything up to it is in the kernel.', ['kind'], ({ appliedVersions }) =>
    Object.entries(appliedVersions).flatMap(([kind, version]) =>
      /^\d+$/.test(version) ? [sample({ kind }, Number(version))] : [],
    ),
  ),
  gauge('pending_events', 'Events that are not in the kernel yet.', ({ pending }) => pending.events),
  gauge(
    'pending_oldest_seconds',
    'How long the oldest of them waits.',
    ({ pending }) => pending.oldestMilliseconds / 1000,
  ),
  gauge('last_apply_timestamp_seconds', 'When the kernel last took a change.', ({ lastAppliedAt }) =>
    lastAppliedAt === undefined ? undefined : lastAppliedAt / 1000,
  ),
  gauge('problems', 'Objects and files that cannot be used as they are.', ({ problems }) => problems),
  labelled('preflight_findings', 'What the node lacks.', ['id', 'severity'], ({ findings }) =>
    findings.map(({ id, severity }) => sample({ id, severity }, 1)),
  ),
  {
    name: 'denied_packets_total',
    help: 'Packets denied since our table was last built: by policy, or because no policy can name them (stray).',
    type: 'counter',
    labelNames: ['why'],
    read: ({ deniedPackets }) => Object.entries(deniedPackets ?? {}).map(([why, packets]) => sample({ why }, packets)),
  },
  byNamespace(
    'denied_pod_packets_total',
    'Packets that policies denied to or from pods of this node, by their namespace.',
    ({ deniedByNamespace }) => deniedByNamespace,
  ),
  byNamespace(
    'would_deny_total',
    'Judgements of connections that passed and that audited policies would deny, by the namespace of the pods of this node.',
    ({ wouldDenyByNamespace }) => wouldDenyByNamespace,
  ),
  labelled('noted_flows', 'Flows in the sets that packets fill.', ['fate'], ({ notedFlows }) =>
    notedFlows.map(({ fate, flows }) => sample({ fate }, flows)),
  ),
  labelled('unnoted_packets', 'Packets that none of these flows counts.', ['fate'], ({ notedFlows }) =>
    notedFlows.flatMap(({ fate, unnoted }) => (unnoted === undefined ? [] : [sample({ fate }, unnoted)])),
  ),
  labelled('folded_sources', 'Sources with so many flows that they are told as one.', ['fate'], ({ notedFlows }) =>
    notedFlows.map(({ fate, sources }) => sample({ fate }, sources)),
  ),
  gauge('held_addresses', 'Addresses of pods that are not known yet.', ({ heldAddresses }) => heldAddresses),
  counter(
    'held_packets_total',
    'Packets that the hold stopped since our table was last built.',
    ({ heldPackets }) => heldPackets,
  ),
  counter('log_lines_lost_total', 'Lines that the log could not write.', ({ logLinesLost }) => logLinesLost),
]

type Read = (snapshot: MetricsSnapshot) => number | undefined

function gauge(name: string, help: string, read: Read): SnapshotMetric {
  return { name, help, type: 'gauge', labelNames: [], read: (snapshot) => single(read(snapshot)) }
}

function counter(name: string, help: string, read: Read): SnapshotMetric {
  return { name, help, type: 'counter', labelNames: [], read: (snapshot) => single(read(snapshot)) }
}

function labelled(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: SnapshotMetric['read'],
): SnapshotMetric {
  return { name, help, type: 'gauge', labelNames, read }
}

function counters(name: string, help: string, read: SnapshotMetric['read']): SnapshotMetric {
  return { name, help, type: 'counter', labelNames: ['stream', 'reason'], read }
}

function byNamespace(
  name: string,
  help: string,
  read: (snapshot: MetricsSnapshot) => readonly OfNamespace[],
): SnapshotMetric {
  return {
    name,
    help,
    type: 'counter',
    labelNames: ['namespace', 'direction'],
    read: (snapshot) =>
      read(snapshot).map(({ namespace, direction, packets }) => sample({ namespace, direction }, packets)),
  }
}

function single(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [sample({}, value)]
}

function sample(labels: Readonly<Record<string, string>>, value: number): Sample {
  return { labels, value }
}

function byReason(stream: string, counts: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(counts).map(([reason, count]) => sample({ stream, reason }, count))
}
