import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { SeenFlow } from '../../compiler/flows/seen-flow.ts'
import { type FlowRecord, NO_RECORDS, type Records } from '../../compiler/nftables/flow-record.ts'
import { type Fate, KEPT_SECONDS, MOST_FLOWS } from '../../compiler/nftables/recorded-sets.ts'
import { recordKey } from './record-key.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'

/** What became of packets on this node, as it was last read from the kernel, and since when each flow is known. */
export interface FlowBook {
  /** Takes a reading of one kind; flows that are new to it are returned. */
  take(fate: Fate, records: Records): readonly FlowRecord[]
  /** The kernel is about to forget everything: what was read last is kept until it would have been forgotten anyway. */
  keep(): void
  flows(fate: Fate): readonly SeenFlow[]
  totals(): AgentDenied['totals']
  lost(): readonly { readonly address: string; readonly packets: number }[]
  isFull(fate: Fate): boolean
  count(fate: Fate): number
}

/** A reading; times in milliseconds. */
interface Reading {
  readonly records: Records
  readonly readAt: number
  /** When each flow was first noted, by key. */
  readonly firstSeen: ReadonlyMap<string, number>
  /** Of a table that is gone. */
  readonly kept: ReadonlyMap<string, KeptFlow>
}

interface KeptFlow {
  readonly flow: FlowRecord
  readonly lastAt: number
}

/** `now`: milliseconds of a clock that never jumps. It forgets what the kernel has forgotten, so it is bounded as the sets are. */
export function createFlowBook(node: string, now: () => number): FlowBook {
  const nothing = (): Reading => ({ records: NO_RECORDS, firstSeen: new Map(), readAt: now(), kept: new Map() })
  const readings: Record<Fate, Reading> = { denied: nothing(), allowed: nothing() }

  function isKept(fate: Fate, lastAt: number): boolean {
    return now() - lastAt <= KEPT_SECONDS[fate] * 1000
  }

  /** Of what was read last, what the kernel has not forgotten since: where nothing new was counted, nothing is read. */
  function standing(fate: Fate): readonly FlowRecord[] {
    const { records, readAt } = readings[fate]
    return records.flows.filter(({ age }) => isKept(fate, readAt - age * 1000))
  }

  /** By key: what was read last, and what is kept; a flow of both has the packets of both. */
  function joined(fate: Fate): ReadonlyMap<string, KeptFlow> {
    const { readAt, kept } = readings[fate]
    const flows = new Map([...kept].filter(([, { lastAt }]) => isKept(fate, lastAt)))
    for (const flow of standing(fate)) {
      const key = recordKey(flow)
      const packets = flow.packets + (flows.get(key)?.flow.packets ?? 0)
      flows.set(key, { flow: { ...flow, packets }, lastAt: readAt - flow.age * 1000 })
    }
    return flows
  }

  return {
    take(fate, records) {
      const readAt = now()
      const { firstSeen: known, kept } = readings[fate]
      const firstSeen = new Map<string, number>()
      const fresh: FlowRecord[] = []
      for (const key of kept.keys()) firstSeen.set(key, known.get(key) ?? readAt)
      for (const flow of records.flows) {
        const key = recordKey(flow)
        const since = known.get(key)
        if (since === undefined) fresh.push(flow)
        // Of one that nobody has seen before, at least the last packet's age is known.
        firstSeen.set(key, since ?? readAt - flow.age * 1000)
      }
      readings[fate] = { records, firstSeen, readAt, kept }
      return fresh
    },

    keep() {
      for (const fate of ['denied', 'allowed'] as const) {
        // The latest, as many as the kernel would keep of both families.
        const latest = [...joined(fate)].sort(([, left], [, right]) => right.lastAt - left.lastAt)
        const kept = new Map(latest.slice(0, 2 * MOST_FLOWS))
        readings[fate] = { ...readings[fate], records: NO_RECORDS, kept }
      }
    },

    flows(fate) {
      const { firstSeen } = readings[fate]
      return [...joined(fate)].map(([key, { flow, lastAt }]) => ({
        node,
        source: formatAddress(flow.source),
        destination: formatAddress(flow.destination),
        carries: flow.carries,
        directed: flow.directed,
        packets: flow.packets,
        lastAge: Math.round((now() - lastAt) / 1000),
        firstAge: Math.round((now() - (firstSeen.get(key) ?? now())) / 1000),
      }))
    },

    totals: () =>
      readings.denied.records.totals.map(({ address, ...rest }) => ({ address: formatAddress(address), ...rest })),
    lost: () =>
      readings.denied.records.lost.map(({ address, packets }) => ({ address: formatAddress(address), packets })),
    count: (fate) => standing(fate).length,
    isFull: (fate) => isFull(standing(fate)),
  }
}

function isFull(flows: readonly FlowRecord[]): boolean {
  const counts = { IPv4: 0, IPv6: 0 }
  for (const { source, carries, directed } of flows) {
    if (carries.protocol !== 'ICMP' && directed) counts[source.family] += 1
  }
  return Math.max(counts.IPv4, counts.IPv6) >= MOST_FLOWS
}
