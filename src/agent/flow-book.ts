import type { SeenFlow } from '../../compiler/flows/seen-flow.ts'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { type FlowRecord, NO_RECORDS, type Records } from '../../compiler/nftables/flow-record.ts'
import { type Fate, MOST_FLOWS } from '../../compiler/nftables/recorded-sets.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'

/** What became of packets on this node, as it was last read from the kernel, and since when each flow is known. */
export interface FlowBook {
  /** Takes a reading of one kind; flows that are new to it are returned. */
  take(fate: Fate, records: Records): readonly FlowRecord[]
  flows(fate: Fate): readonly SeenFlow[]
  totals(): AgentDenied['totals']
  lost(): readonly { readonly address: string; readonly packets: number }[]
  isFull(fate: Fate): boolean
}

/** A reading, and when each of its flows was first noted: milliseconds, by key. */
interface Reading {
  readonly records: Records
  readonly firstSeen: ReadonlyMap<string, number>
  readonly readAt: number
}

/** `now`: milliseconds of a clock that never jumps. It forgets what the kernel has forgotten, so it is bounded as the sets are. */
export function createFlowBook(node: string, now: () => number): FlowBook {
  const nothing = (): Reading => ({ records: NO_RECORDS, firstSeen: new Map(), readAt: now() })
  const readings: Record<Fate, Reading> = { denied: nothing(), allowed: nothing() }

  return {
    take(fate, records) {
      const readAt = now()
      const known = readings[fate].firstSeen
      const firstSeen = new Map<string, number>()
      const fresh: FlowRecord[] = []
      for (const flow of records.flows) {
        const key = flowKey(flow)
        const since = known.get(key)
        if (since === undefined) fresh.push(flow)
        // Of one that nobody has seen before, at least the last packet's age is known.
        firstSeen.set(key, since ?? readAt - flow.age * 1000)
      }
      readings[fate] = { records, firstSeen, readAt }
      return fresh
    },

    flows(fate) {
      const { records, firstSeen, readAt } = readings[fate]
      const elapsed = (now() - readAt) / 1000
      return records.flows.map((flow) => ({
        node,
        source: formatAddress(flow.source),
        destination: formatAddress(flow.destination),
        carries: flow.carries,
        directed: flow.directed,
        packets: flow.packets,
        lastAge: Math.round(flow.age + elapsed),
        firstAge: Math.round((now() - (firstSeen.get(flowKey(flow)) ?? now())) / 1000),
      }))
    },

    totals: () =>
      readings.denied.records.totals.map(({ address, ...rest }) => ({ address: formatAddress(address), ...rest })),
    lost: () =>
      readings.denied.records.lost.map(({ address, packets }) => ({ address: formatAddress(address), packets })),
    isFull: (fate) => isFull(readings[fate].records.flows),
  }
}

function flowKey({ source, destination, carries, directed }: FlowRecord): string {
  return [formatAddress(source), formatAddress(destination), ...Object.values(carries), directed].join(' ')
}

function isFull(flows: readonly FlowRecord[]): boolean {
  const counts = { IPv4: 0, IPv6: 0 }
  for (const { source, carries, directed } of flows) {
    if (carries.protocol !== 'ICMP' && directed) counts[source.family] += 1
  }
  return Math.max(counts.IPv4, counts.IPv6) >= MOST_FLOWS
}
