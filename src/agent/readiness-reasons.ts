import type { SourceStatus } from '../sources/source.ts'
import type { Reason } from '../telemetry/readiness.ts'
import type { AgentRecord } from './agent-record.ts'
import { currentFindings } from './current-findings.ts'

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
  const blocking = currentFindings(record).filter(({ severity }) => severity === 'blocks')
  return [...blocking.map(({ id, problem, cure }) => ({ id, problem, cure })), ...own]
}

function lastError({ lastApply }: AgentRecord): string {
  return lastApply === undefined || lastApply.result === 'ok' ? '' : `nft failed: ${lastApply.result}; see the log`
}
