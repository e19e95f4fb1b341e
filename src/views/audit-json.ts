import type { WouldRow } from '../telemetry/agent-audit.ts'
import type { AuditReport } from './audit-report.ts'
import { flowEndJson } from './flow-end-json.ts'

/** What `selvedge audit -o json` prints; ages in seconds. */
export function auditJson({ verdict, why, window, nodes, policies, strays }: AuditReport): object {
  return {
    verdict,
    why,
    window: window ?? null,
    nodes,
    policies: policies.map(({ policy, age, pods, problem, denies, older, doubtful, opens, rules }) => ({
      policy,
      age: age ?? null,
      pods,
      ...(problem === '' ? {} : { problem }),
      denies: denies.map(rowJson),
      older: older.map(rowJson),
      doubtful: doubtful.map(rowJson),
      opens: opens.map(rowJson),
      rules: rules.map(({ packets: connections, ...rule }) => ({ ...rule, connections })),
    })),
    strays,
  }
}

function rowJson({ from, to, carries, direction, packets, lastAge, firstAge, doubt }: WouldRow): object {
  const { protocol, ...details } = carries
  const ends = { source: flowEndJson(from), destination: flowEndJson(to) }
  return { ...ends, protocol, port: null, ...details, direction, count: packets, lastAge, firstAge, doubt }
}
