import type { Diagnostic } from '../../compiler/objects/diagnostic.ts'
import type { Finding } from '../kernel/finding.ts'
import type { LastApply } from '../telemetry/agent-status.ts'
import type { Application } from './application.ts'

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
  /** What stands in the way of the hold. */
  holdFindings: readonly Finding[]
  /** Static pods that the API does not know. */
  staticPods: readonly Finding[]
  /** Pods of which the runtime and the API name different addresses. */
  differing: readonly Finding[]
  /** The generation in force may be carried by a flow that was judged under another ruleset. */
  uncertainGeneration: boolean
  /** Why our table could not be listed when it was last tried; undefined: it could. */
  unlisted: string | undefined
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
    holdFindings: [],
    staticPods: [],
    differing: [],
    uncertainGeneration: false,
    unlisted: undefined,
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

/**
 * Notes that a turn has ended. `upToDate`: the kernel is what the agent last knew. `synced`: the agent knew all that stood
 * in the cluster. Returns true once in an agent's life: at the end of the first turn of which both hold.
 */
export function recordTurn(record: AgentRecord, upToDate: boolean, synced: boolean): boolean {
  if (upToDate && !record.upToDate) record.enforcedSince = new Date().toISOString()
  record.upToDate = upToDate
  const isFirst = !record.appliedOnce && upToDate && synced
  record.appliedOnce ||= isFirst
  return isFirst
}
