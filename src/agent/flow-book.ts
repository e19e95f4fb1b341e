import type { Address } from '../../compiler/addresses/address.ts'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { countedSince } from '../../compiler/flows/counted-since.ts'
import { type FlowRecord, NO_RECORDS, type Records } from '../../compiler/nftables/flow-record.ts'
import { type Fate, KEPT_SECONDS, MOST_FLOWS } from '../../compiler/nftables/recorded-sets.ts'
import type { Direction } from '../../compiler/objects/direction.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import type { AddressHistory } from './address-history.ts'
import { ownerKey } from './owner-key.ts'
import { recordKey } from './record-key.ts'

/** A flow with whose its ends were at its last packet; milliseconds of the book's clock. */
export interface BookedFlow extends Omit<FlowRecord, 'age'> {
  readonly from: Pod | undefined
  readonly to: Pod | undefined
  readonly lastAt: number
  /** When it was first noted, as far as the agent has seen. */
  readonly firstAt: number
}

/** What became of packets on this node, by whose its ends were: an address that went to another pod is another flow. */
export interface FlowBook {
  /** Takes a reading of one kind; flows that are new are returned. */
  take(fate: Fate, records: Records): readonly BookedFlow[]
  /** What the kernel counts under an address that is another pod's now: taken out there, it counts that pod's from nothing. */
  handedOver(fate: Fate): readonly FlowRecord[]
  /** These the kernel does not hold any more; what they have counted stays, or is told otherwise (`isTold`). */
  takenOut(fate: Fate, flows: readonly FlowRecord[], isTold?: 'otherwise'): void
  /** The kernel has forgotten everything, and counts from nothing. */
  tableIsNew(): void
  flows(fate: Fate): readonly BookedFlow[]
  totals(): AgentDenied['totals']
  lost(): readonly { readonly address: string; readonly packets: number }[]
  /** Has the kernel no room for a further one, and how many does it hold, as of the last reading? */
  isFull(fate: Fate): boolean
  count(fate: Fate): number
}

interface Reading {
  readonly records: Records
  readonly readAt: number
}

/** Under which row the packets of a flow of the kernel were last put, and how many there were. */
interface Counted {
  readonly packets: number
  readonly row: string
}

/** Packets denied at a pod, or denied there and not noted. */
interface Total {
  readonly address: string
  readonly direction: Direction | 'lost'
  readonly packets: number
}

/** The kernel holds some 12,000; a table that is built anew and addresses that change hands give more. */
const MOST_ROWS = 16_384

/** `now`: milliseconds of a clock that never jumps. It forgets what the kernel would have forgotten. */
export function createFlowBook(now: () => number, { ownerAt }: Pick<AddressHistory, 'ownerAt'>): FlowBook {
  const ofFate = <Value>(make: () => Value): Record<Fate, Value> => ({ denied: make(), allowed: make() })
  const readings = ofFate((): Reading => ({ records: NO_RECORDS, readAt: now() }))
  const counts = ofFate(() => new Map<string, Counted>())
  const rows = ofFate(() => new Map<string, BookedFlow>())

  /** Of tables that are gone. */
  const sums = new Map<string, Total>()

  /** What was counted by pod, with that of tables that are gone. */
  function totals(): ReadonlyMap<string, Total> {
    const { records } = readings.denied
    const all = new Map(sums)
    for (const one of [...records.totals, ...records.lost.map((lost) => ({ ...lost, direction: 'lost' as const }))]) {
      const [address, { direction }] = [formatAddress(one.address), one]
      const key = `${direction} ${address}`
      all.set(key, { address, direction, packets: one.packets + (sums.get(key)?.packets ?? 0) })
    }
    return all
  }

  const isKept = (fate: Fate, lastAt: number): boolean => now() - lastAt <= KEPT_SECONDS[fate] * 1000

  /** Of what was read last, what the kernel has not forgotten since: where nothing new was counted, nothing is read. */
  function standing(fate: Fate): readonly FlowRecord[] {
    const { records, readAt } = readings[fate]
    return records.flows.filter(({ age }) => isKept(fate, readAt - age * 1000))
  }

  function forgetOld(fate: Fate): void {
    const all = rows[fate]
    for (const [key, { lastAt }] of all) if (!isKept(fate, lastAt)) all.delete(key)
    if (all.size <= MOST_ROWS) return
    const oldestFirst = [...all].sort(([, left], [, right]) => left.lastAt - right.lastAt)
    for (const [key] of oldestFirst.slice(0, all.size - MOST_ROWS / 2)) all.delete(key)
  }

  /** Puts so many packets more under whose the ends were; the row where it is a new one. */
  function add(
    fate: Fate,
    { age, ...flow }: FlowRecord,
    counted: Counted | undefined,
    readAt: number,
  ): BookedFlow | undefined {
    const lastAt = readAt - age * 1000
    const more = countedSince(counted?.packets, flow.packets)
    const last = counted === undefined ? undefined : rows[fate].get(counted.row)
    let [from, to] = [flow.source, flow.destination].map((end) => ownerAt(formatAddress(end), lastAt))
    if (last !== undefined && !areOthers(last.from, from) && !areOthers(last.to, to)) {
      // The same, of which one may have been heard of later, or be forgotten by now.
      ;[from, to] = [from ?? last.from, to ?? last.to]
      rows[fate].delete(counted?.row ?? '')
      rows[fate].set(rowKey(flow, from, to), last)
    }
    const row = rowKey(flow, from, to)
    const known = rows[fate].get(row)
    const firstAt = known?.firstAt ?? lastAt
    const booked = { ...flow, packets: (known?.packets ?? 0) + more, from, to, lastAt, firstAt }
    rows[fate].set(row, booked)
    counts[fate].set(recordKey(flow), { packets: flow.packets, row })
    return known === undefined ? booked : undefined
  }

  function isAnothers(address: Address, then: Pod | undefined): boolean {
    return areOthers(then, ownerAt(formatAddress(address), now()))
  }

  return {
    take(fate, records) {
      const readAt = now()
      const before = counts[fate]
      counts[fate] = new Map()
      readings[fate] = { records, readAt }
      const fresh: BookedFlow[] = []
      for (const flow of records.flows) {
        const key = recordKey(flow)
        const known = before.get(key)
        if (known?.packets === flow.packets) counts[fate].set(key, known)
        else {
          const booked = add(fate, flow, known, readAt)
          if (booked !== undefined) fresh.push(booked)
        }
      }
      forgetOld(fate)
      return fresh
    },

    handedOver(fate) {
      return standing(fate).filter((flow) => {
        const counted = counts[fate].get(recordKey(flow))
        const row = counted === undefined ? undefined : rows[fate].get(counted.row)
        return row !== undefined && (isAnothers(row.source, row.from) || isAnothers(row.destination, row.to))
      })
    },

    takenOut(fate, flows, isTold) {
      const keys = new Set(flows.map(recordKey))
      for (const key of keys) {
        const counted = counts[fate].get(key)
        if (isTold === 'otherwise' && counted !== undefined) rows[fate].delete(counted.row)
        counts[fate].delete(key)
      }
      const { records, readAt } = readings[fate]
      const left = records.flows.filter((flow) => !keys.has(recordKey(flow)))
      readings[fate] = { records: { ...records, flows: left }, readAt }
    },

    tableIsNew() {
      for (const [key, one] of totals()) sums.set(key, one)
      for (const fate of ['denied', 'allowed'] as const) {
        counts[fate].clear()
        readings[fate] = { ...readings[fate], records: NO_RECORDS }
      }
    },

    flows(fate) {
      forgetOld(fate)
      return [...rows[fate].values()]
    },

    totals: () =>
      [...totals().values()].flatMap(({ address, direction, packets }) =>
        direction === 'lost' ? [] : [{ address, direction, packets }],
      ),
    lost: () =>
      [...totals().values()].flatMap(({ address, direction, packets }) =>
        direction === 'lost' ? [{ address, packets }] : [],
      ),
    count: (fate) => standing(fate).length,
    isFull: (fate) => isFull(standing(fate)),
  }
}

function rowKey(flow: Omit<FlowRecord, 'age'>, from: Pod | undefined, to: Pod | undefined): string {
  return [recordKey(flow), ...[from, to].map((pod) => (pod === undefined ? '' : ownerKey(pod)))].join(' ')
}

function areOthers(then: Pod | undefined, now: Pod | undefined): boolean {
  return then !== undefined && now !== undefined && ownerKey(then) !== ownerKey(now)
}

function isFull(flows: readonly FlowRecord[]): boolean {
  const counts = { IPv4: 0, IPv6: 0 }
  for (const { source, carries, directed } of flows) {
    if (carries.protocol !== 'ICMP' && directed) counts[source.family] += 1
  }
  return Math.max(counts.IPv4, counts.IPv6) >= MOST_FLOWS
}
