import type { Engine } from '../../compiler/engine/engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { SourceStatus } from '../sources/source.ts'
import type { PendingEvents } from '../telemetry/agent-status.ts'
import type { MetricsSnapshot } from '../telemetry/metrics-snapshot.ts'
import type { AgentRecord } from './agent-record.ts'
import type { Versions } from './applied-versions.ts'
import { findingsNow } from './current-findings.ts'
import { failingPolicies } from './failing-policies.ts'
import { readinessReasons } from './readiness-reasons.ts'

export interface SnapshotFacts {
  readonly source: SourceStatus
  readonly appliedVersions: Versions
  readonly generation: number | undefined
  readonly pending: PendingEvents
  readonly deniedPackets: MetricsSnapshot['deniedPackets']
  readonly deniedByNamespace: MetricsSnapshot['deniedByNamespace']
  readonly wouldDenyByNamespace: MetricsSnapshot['wouldDenyByNamespace']
  readonly notedFlows: MetricsSnapshot['notedFlows']
  readonly heldPackets: MetricsSnapshot['heldPackets']
  readonly logLinesLost: number
  readonly bridgeLocal: RulesetOptions['bridgeLocal']
}

/** What the gauges show, from counters alone: a scrape walks neither the cluster nor the ruleset. */
export function makeSnapshot(
  record: AgentRecord,
  engine: Pick<Engine, 'size' | 'local' | 'held' | 'holdState'>,
  { source, bridgeLocal, ...facts }: SnapshotFacts,
): MetricsSnapshot {
  const reasons = readinessReasons(record, source)
  const { isolatedPods, policies } = engine.local.counts()
  return {
    ...facts,
    ready: reasons.length === 0,
    reasons,
    streams: source.streams,
    objects: Object.fromEntries(source.streams.map(({ name, objects }) => [name, objects])),
    counts: engine.size.counts(),
    heldAddresses: engine.held().length,
    isolatedPods,
    policies,
    failingPolicies: failingPolicies(engine.local),
    lastAppliedAt: record.lastAppliedAt,
    problems: [...record.problems.values()].filter((all) => all.some(({ severity }) => severity !== 'note')).length,
    findings: findingsNow(record, engine, bridgeLocal),
  }
}
