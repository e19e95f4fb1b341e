import type { Engine } from '../../compiler/engine/engine.ts'
import type { LocalPod, LocalView, Selection } from '../../compiler/engine/local-view.ts'
import type { Isolation } from '../../compiler/graph/allow-graph.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { contentName } from '../../compiler/nftables/names.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { SourceStatus } from '../sources/source.ts'
import type { Finding } from '../kernel/finding.ts'
import type { AgentStatus, EnforcedPolicy, IsolatedPod } from '../telemetry/agent-status.ts'
import type { AgentRecord } from './agent-record.ts'
import type { Versions } from './applied-versions.ts'
import { findingsNow } from './current-findings.ts'
import { closedReason } from './failing-policies.ts'
import { readinessReasons } from './readiness-reasons.ts'

export interface StatusFacts {
  readonly version: string
  readonly node: string
  readonly source: SourceStatus
  readonly appliedVersions: Versions
  readonly generation: number | undefined
  readonly pending: AgentStatus['pending']
  /** Does a pod `namespace/name` wait for policies that may be late? */
  readonly isLate: (pod: string) => boolean
  readonly bridgeLocal: RulesetOptions['bridgeLocal']
  readonly options: Readonly<Record<string, string>>
}

/** What `selvedge status` shows. Its cost goes with this node's pods and with what selects them, not with the cluster. */
export function makeStatus(
  record: AgentRecord,
  engine: Pick<Engine, 'size' | 'local' | 'held' | 'holdState'>,
  facts: StatusFacts,
): AgentStatus {
  const { source, appliedVersions, generation = 0, isLate, bridgeLocal, ...rest } = facts
  const reasons = readinessReasons(record, source)
  const { lastApply, enforcedSince } = record
  const enforced = () => ({
    digest: contentName('r', [...engine.size.names()].sort().join('\n')),
    policies: policiesOf(engine.local),
    pods: podsOf(engine.local),
  })
  return {
    ...rest,
    pid: process.pid,
    since: record.startedAt,
    at: new Date().toISOString(),
    ready: reasons.length === 0,
    reasons,
    streams: source.streams.map((stream) => ({ ...stream, appliedVersion: appliedVersions[stream.name] })),
    enforced: enforcedSince === undefined ? undefined : { since: enforcedSince, generation, ...enforced() },
    counts: engine.size.counts(),
    lastApply,
    driftRepairs: record.driftRepairs,
    foreignCommits: record.foreignCommits,
    problems: problemsOf(record, findingsNow(record, engine, bridgeLocal)),
    held: heldOf(engine, isLate),
  }
}

/** Policies of this node's pods; and those with a closed direction, or only audited, wherever their pods are. */
function policiesOf(local: LocalView): readonly EnforcedPolicy[] {
  // Policies with one podSelector have one list of pods.
  const namesOf = inMemory((pods: Selection['pods']) => pods.map(podName).sort())
  const told = ({ policy, pods }: Selection, state: EnforcedPolicy['state']): EnforcedPolicy => {
    return { policy: podName(policy), selects: namesOf(pods), state, reason: closedReason(policy) }
  }
  const held = [
    ...local.selections().map((one) => told(one, closedReason(one.policy) === undefined ? 'enforced' : 'closed')),
    ...local.audited().map((one) => told(one, 'audited')),
  ]
  return held.sort((left, right) => (left.policy < right.policy ? -1 : 1))
}

function podsOf(local: LocalView): readonly IsolatedPod[] {
  const namesOf = inMemory((policies: LocalPod['policies']) => policies.map(podName).sort())
  const word = (isolation: Isolation) => (isolation === 'open' ? 'open' : 'isolated')
  const pods = local.isolatedPods().map(({ pod, addresses, ingress, egress, policies }): IsolatedPod => {
    return { pod: podName(pod), addresses, ingress: word(ingress), egress: word(egress), policies: namesOf(policies) }
  })
  return pods.sort((left, right) => (left.pod < right.pod ? -1 : 1))
}

/** The function, asked once for each object. */
function inMemory<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) known.set(key, (value = make(key)))
    return value
  }
}

/** The longest first. */
function heldOf(engine: Pick<Engine, 'held'>, isLate: StatusFacts['isLate']): AgentStatus['held'] {
  const held = engine.held().map(({ address, sandbox, why }) => ({
    address,
    pod: podName(sandbox),
    seconds: Math.max(0, Math.round((Date.now() - sandbox.writtenAt) / 1000)),
    why: isLate(podName(sandbox)) ? 'some of its policies may not have been heard of yet' : why,
  }))
  return held.sort((left, right) => right.seconds - left.seconds || (left.address < right.address ? -1 : 1))
}

/** What somebody should look at: findings that do not stand in the way (the others are reasons), and objects and files. */
function problemsOf(record: AgentRecord, findings: readonly Finding[]): AgentStatus['problems'] {
  const warning = findings.filter(({ severity }) => severity === 'warns')
  return [
    ...warning.map(({ id, problem, cure }) => ({ of: `node (${id})`, problem, hint: cure })),
    ...[...record.problems].flatMap(([of, diagnostics]) =>
      diagnostics.map(({ problem, hint, place }) => ({
        of: place === undefined ? of : `${place.file}:${place.line}`,
        problem,
        hint,
      })),
    ),
  ]
}
