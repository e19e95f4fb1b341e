import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { DeniedRow } from './denied-row.ts'
import { flowEndText } from './flow-end.ts'

/** Rows of several pods of one workload, told as one: the latest, the first, and all packets. */
export function foldRows(rows: readonly DeniedRow[]): readonly DeniedRow[] {
  const folded = new Map<string, DeniedRow>()
  for (const row of rows) {
    const key = JSON.stringify([
      flowEndText(row.from),
      flowEndText(row.to),
      portText(row.carries),
      row.why,
      row.directed,
      row.lateAnswer,
    ])
    const known = folded.get(key)
    folded.set(key, known === undefined ? row : joinRows(known, row))
  }
  return [...folded.values()].sort((left, right) => left.lastAge - right.lastAge)
}

/** A flow is denied once, on the one node or the other, so sums count no packet twice. */
function joinRows(left: DeniedRow, right: DeniedRow): DeniedRow {
  return {
    ...(left.lastAge <= right.lastAge ? left : right),
    packets: left.packets + right.packets,
    lastAge: Math.min(left.lastAge, right.lastAge),
    firstAge: Math.max(left.firstAge, right.firstAge),
    uncertain: left.uncertain || right.uncertain,
  }
}

/** `5432/TCP`, `ping`, `ICMP 3/1`, `protocol 47`. */
export function portText(carries: FlowProtocol): string {
  switch (carries.protocol) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return `${carries.port}/${carries.protocol}`
    case 'ICMP':
      return ECHO_TYPES.has(carries.type) ? 'ping' : `ICMP ${carries.type}/${carries.code}`
    case 'other':
      return `protocol ${carries.number}`
  }
}

/** Echo request and reply of either family (RFC 792, RFC 4443). */
const ECHO_TYPES = new Set([0, 8, 128, 129])
