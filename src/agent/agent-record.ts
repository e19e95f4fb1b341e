import type { Engine } from '../../compiler/engine/create-engine.ts'
import type { Isolation } from '../../compiler/graph/allow-graph.ts'
import { podName } from '../../compiler/graph/allow-graph.ts'
import type { Diagnostic } from '../../compiler/objects/diagnostic.ts'
import { DIRECTIONS } from '../../compiler/graph/build-grants.ts'
import { contentName } from '../../compiler/nftables/names.ts'
import type { Finding } from '../kernel/finding.ts'
import type { SourceStatus } from '../sources/source.ts'
import type { AgentStatus, EnforcedPolicy, IsolatedPod, LastApply } from '../telemetry/agent-status.ts'
import type { Reason } from '../telemetry/readiness.ts'
import type { Versions } from './applied-versions.ts'
import type { Application } from './reconciler.ts'

/** What the agent remembers of its own doings, for readiness, metrics and status. Written by the agent alone. */
export interface AgentRecord {
  readonly startedAt: string
  appliedOnce: boolean
  upToDate: boolean
  lastApply: LastApply | undefined
  /** When the kernel last took a change, in milliseconds since the epoch. */
  lastAppliedAt: number | undefined
  /** Since when, without a break, the kernel is what the agent last knew; also where nothing had to be changed for it. */
  enforcedSince: string | undefined
  findings: readonly Finding[]
  /** The generation in force may be carried by a flow that was judged under another ruleset. */
  uncertainGeneration: boolean
  readonly problems: Map<string, readonly Diagnostic[]>
  /** By class (DriftClass). */
  readonly driftRepairs: Record<string, number>
  foreignCommits: number
}

export function createAgentRecord(): AgentRecord {
  return {
    startedAt: new Date().toISOString(),
    appliedOnce: false,
    upToDate: false,
    lastApply: undefined,
    lastAppliedAt: undefined,
    enforcedSince: undefined,
    findings: [],
    uncertainGeneration: false,
    problems: new Map(),
    driftRepairs: {},
    foreignCommits: 0,
  }
}

/** Notes one piece of work. */
export function recordApplication(record: AgentRecord, application: Application): void {
  const { ok, reason, drift, durationMilliseconds, transactions, bytes, errorKind } = application
  const at = new Date().toISOString()
  const result = ok ? 'ok' : (errorKind ?? 'other')
  record.lastApply = { at, durationMilliseconds, transactions, bytes, result }
  if (!ok) return
  record.lastAppliedAt = Date.now()
  if (reason === 'drift' && drift !== undefined) record.driftRepairs[drift] = (record.driftRepairs[drift] ?? 0) + 1
}

/** Notes whether the kernel is now what the agent last knew. */
export function recordTurn(record: AgentRecord, upToDate: boolean, synced: boolean): void {
  if (upToDate && !record.upToDate) record.enforcedSince = new Date().toISOString()
  record.upToDate = upToDate
  record.appliedOnce ||= upToDate && synced
}

/** What the node lacks, as looked for and as met. */
export function allFindings(record: AgentRecord): readonly Finding[] {
  return record.uncertainGeneration ? [...record.findings, UNCERTAIN_GENERATION] : record.findings
}

const UNCERTAIN_GENERATION: Finding = {
  id: 'generation-uncertain',
  severity: 'warns',
  problem:
    'live flows could not be asked for the number that they carry, or carry every number there is: one may keep a right that was taken from it until it ends',
  cure: 'install conntrack (conntrack-tools); give --mark-mask more bits',
}

/** Reasons beside the findings that block; docs/operating.md has a cure for each. */
export const READINESS_REASONS = ['not-synced', 'not-applied', 'not-up-to-date'] as const
type OwnReason = Reason & { readonly id: (typeof READINESS_REASONS)[number] }

/** Why the node is not ready; empty: the kernel enforces what the agent last knew. */
export function readinessReasons(record: AgentRecord, source: SourceStatus): readonly Reason[] {
  const own: OwnReason[] = source.streams
    .filter(({ synced }) => !synced)
    .map(({ name, state }) => ({
      id: 'not-synced',
      problem: `${name}: nothing complete was heard yet: ${state}`,
      cure: '',
    }))
  if (!record.appliedOnce) {
    own.push({ id: 'not-applied', problem: 'the first ruleset is not in the kernel yet', cure: lastError(record) })
  } else if (!record.upToDate) {
    own.push({ id: 'not-up-to-date', problem: 'the kernel refused the last change', cure: lastError(record) })
  }
  const blocking = allFindings(record).filter(({ severity }) => severity === 'blocks')
  return [...blocking.map(({ id, problem, cure }) => ({ id, problem, cure })), ...own]
}

function lastError({ lastApply }: AgentRecord): string {
  return lastApply === undefined || lastApply.result === 'ok' ? '' : `nft failed: ${lastApply.result}; see the log`
}

/** What the engine enforces, in names. It looks at everything that the engine holds: keep it until the next application. */
export interface EnforcedFacts {
  readonly digest: string
  readonly counts: AgentStatus['counts']
  readonly policies: readonly EnforcedPolicy[]
  readonly pods: readonly IsolatedPod[]
}

export function enforcedFacts(engine: Engine, record: AgentRecord): EnforcedFacts {
  const ruleset = engine.ruleset()
  const names = [...ruleset.sets.keys(), ...ruleset.chains.keys()].sort().join('\n')
  const elements = [...ruleset.sets.values()].reduce((sum, set) => sum + set.elements.size, 0)
  return {
    digest: contentName('r', names),
    counts: { sets: ruleset.sets.size, elements, chains: ruleset.chains.size },
    policies: policiesOf(engine, record),
    pods: podsOf(engine),
  }
}

/** What `selvedge status` shows. */
export function agentStatus(
  record: AgentRecord,
  { digest, counts, policies, pods }: EnforcedFacts,
  facts: {
    readonly version: string
    readonly node: string
    readonly source: SourceStatus
    readonly appliedVersions: Versions
    readonly generation: number | undefined
    readonly pending: AgentStatus['pending']
    readonly options: Readonly<Record<string, string>>
  },
): AgentStatus {
  const { source, appliedVersions, generation, ...rest } = facts
  const reasons = readinessReasons(record, source)
  const { lastApply, enforcedSince } = record
  return {
    ...rest,
    pid: process.pid,
    since: record.startedAt,
    at: new Date().toISOString(),
    ready: reasons.length === 0,
    reasons,
    streams: source.streams.map((stream) => ({ ...stream, appliedVersion: appliedVersions[stream.name] })),
    enforced:
      enforcedSince === undefined
        ? undefined
        : { since: enforcedSince, generation: generation ?? 0, digest, policies, pods },
    counts,
    lastApply,
    driftRepairs: record.driftRepairs,
    foreignCommits: record.foreignCommits,
    problems: problemsOf(record),
  }
}

/** Policies of this node's pods, and those that could not be compiled, wherever their pods are. */
function policiesOf(engine: Engine, { problems }: AgentRecord): readonly EnforcedPolicy[] {
  const found = engine.selections().flatMap(({ policy, pods }): EnforcedPolicy[] => {
    const reasons = DIRECTIONS.flatMap((direction) => {
      const side = policy[direction]
      return side?.kind === 'closed' ? [`${direction}: ${side.reason}`] : []
    })
    if (pods.length === 0 && reasons.length === 0) return []
    const state = reasons.length > 0 ? ('closed' as const) : ('enforced' as const)
    const reason = reasons.length > 0 ? reasons.join('; ') : undefined
    return [{ policy: podName(policy), selects: pods.map(podName).sort(), state, reason }]
  })
  const known = new Set(engine.selections().map(({ policy }) => podName(policy)))
  for (const [of, diagnostics] of problems) {
    const name = /^NetworkPolicy (\S+\/\S+)$/.exec(of)?.[1]
    if (name === undefined || known.has(name) || diagnostics.length === 0) continue
    found.push({ policy: name, selects: [], state: 'not enforced', reason: diagnostics[0]?.problem })
  }
  return found.sort((left, right) => (left.policy < right.policy ? -1 : 1))
}

function podsOf(engine: Engine): readonly IsolatedPod[] {
  const policies = new Map<string, string[]>()
  for (const { policy, pods } of engine.selections()) {
    for (const pod of pods) {
      const name = podName(pod)
      policies.set(name, [...(policies.get(name) ?? []), podName(policy)])
    }
  }
  const word = (isolation: Isolation) => (isolation === 'open' ? 'open' : 'isolated')
  return [...engine.graph().pods.values()].flatMap(({ pod, addresses, ingress, egress }): IsolatedPod[] => {
    if (ingress === 'open' && egress === 'open') return []
    const name = podName(pod)
    return [
      {
        pod: name,
        addresses,
        ingress: word(ingress),
        egress: word(egress),
        policies: (policies.get(name) ?? []).sort(),
      },
    ]
  })
}

/** What somebody should look at: findings that do not stand in the way (the others are reasons), and objects and files. */
function problemsOf(record: AgentRecord): AgentStatus['problems'] {
  const findings = allFindings(record).filter(({ severity }) => severity === 'warns')
  return [
    ...findings.map(({ id, problem, cure }) => ({ of: `node (${id})`, problem, hint: cure })),
    ...[...record.problems].flatMap(([of, diagnostics]) =>
      diagnostics.map(({ problem, hint, place }) => ({
        of: place === undefined ? of : `${place.file}:${place.line}`,
        problem,
        hint,
      })),
    ),
  ]
}
