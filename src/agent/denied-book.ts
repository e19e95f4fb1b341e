import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FlowRecord, Records } from '../../compiler/nftables/flow-record.ts'
import { MOST_FLOWS } from '../../compiler/nftables/recorded-sets.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'

/** What was denied on this node, as it was last read from the kernel, and since when each flow is known. */
export interface DeniedBook {
  /** Takes a reading; flows that are new to it are returned. */
  take(records: Records): readonly FlowRecord[]
  answer(): Pick<AgentDenied, 'flows' | 'totals' | 'full'>
}

/** `now`: milliseconds of a clock that never jumps. It forgets what the kernel has forgotten, so it is bounded as the sets are. */
export function createDeniedBook(node: string, now: () => number): DeniedBook {
  let firstSeen = new Map<string, number>()
  let last: Records = { flows: [], totals: [] }
  let readAt = now()

  return {
    take(records) {
      readAt = now()
      const known = firstSeen
      firstSeen = new Map()
      const fresh: FlowRecord[] = []
      for (const flow of records.flows) {
        const key = flowKey(flow)
        const since = known.get(key)
        if (since === undefined) fresh.push(flow)
        // Of one that nobody has seen before, at least the last packet's age is known.
        firstSeen.set(key, since ?? readAt - flow.age * 1000)
      }
      last = records
      return fresh
    },

    answer() {
      const elapsed = (now() - readAt) / 1000
      return {
        flows: last.flows.map((flow) => ({
          node,
          source: formatAddress(flow.source),
          destination: formatAddress(flow.destination),
          carries: flow.carries,
          directed: flow.directed,
          packets: flow.packets,
          lastAge: Math.round(flow.age + elapsed),
          firstAge: Math.round((now() - (firstSeen.get(flowKey(flow)) ?? now())) / 1000),
        })),
        totals: last.totals.map(({ address, direction, packets }) => ({
          address: formatAddress(address),
          direction,
          packets,
        })),
        full: isFull(last.flows),
      }
    },
  }
}

function flowKey({ source, destination, carries, directed }: FlowRecord): string {
  return [formatAddress(source), formatAddress(destination), ...Object.values(carries), directed].join(' ')
}

function isFull(flows: readonly FlowRecord[]): boolean {
  const counts = { IPv4: 0, IPv6: 0 }
  for (const { source, carries } of flows) if (carries.protocol !== 'ICMP') counts[source.family] += 1
  return Math.max(counts.IPv4, counts.IPv6) >= MOST_FLOWS
}
