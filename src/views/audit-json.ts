import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import type { WouldRow } from '../telemetry/agent-audit.ts'
import type { AuditReport } from './audit-report.ts'

/** What `selvedge audit -o json` prints; ages in seconds. */
export function auditJson({ verdict, why, window, nodes, policies, strays }: AuditReport): object {
  return {
    verdict,
    why,
    window: window ?? null,
    nodes,
    policies: policies.map(({ policy, age, pods, problem, denies, doubtful, opens }) => ({
      policy,
      age: age ?? null,
      pods,
      ...(problem === '' ? {} : { problem }),
      denies: denies.map(rowJson),
      doubtful: doubtful.map(rowJson),
      opens: opens.map(rowJson),
    })),
    strays,
  }
}

function rowJson({ from, to, carries, direction, packets, lastAge, firstAge, doubt }: WouldRow): object {
  const { protocol, ...details } = carries
  const ends = { source: endJson(from), destination: endJson(to) }
  return { ...ends, protocol, port: null, ...details, direction, count: packets, lastAge, firstAge, doubt }
}

function endJson(end: FlowEnd): object {
  if (end.kind !== 'pod') return { address: end.address }
  const { namespace, name, workload, address } = end
  return { namespace, name, workload: workload === undefined ? null : `${workload.kind}/${workload.name}`, address }
}
