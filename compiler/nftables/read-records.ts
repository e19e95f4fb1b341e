import type { Address } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Fate, FlowKind, RecordedKind } from './recorded-sets.ts'
import { type FlowProtocol, type FlowRecord, joinRecords, NO_RECORDS, type Records } from './flow-record.ts'

/**
 * Reads what `nft -n -j list set` printed of one of these sets; numbers only, since names are the machine's affair. What is no
 * element of ours is left out.
 */
export function readRecords(listing: unknown, kind: RecordedKind, fate: Fate): Records {
  const objects = (listing as Listing | undefined)?.nftables ?? []
  const read = objects.flatMap(({ set }) => {
    const timeout = set?.timeout ?? 0
    return (set?.elem ?? []).flatMap(({ elem }) => {
      const packets = elem?.counter?.packets
      if (elem === undefined || packets === undefined) return []
      const age = Math.max(0, timeout - (elem.expires ?? timeout))
      return [readElement(elem.val, kind, { fate, packets, age })]
    })
  })
  return joinRecords(read)
}

function readElement(
  value: unknown,
  kind: RecordedKind,
  counted: Pick<FlowRecord, 'fate' | 'packets' | 'age'>,
): Records {
  const { packets } = counted
  switch (kind) {
    case 'flows':
    case 'icmp':
    case 'untracked': {
      const flow = flowOf(value, kind)
      return {
        ...NO_RECORDS,
        flows: flow === undefined ? [] : [{ ...flow, directed: kind !== 'untracked', ...counted }],
      }
    }
    case 'ingress':
    case 'egress': {
      const address = addressOf(value)
      return { ...NO_RECORDS, totals: address === undefined ? [] : [{ address, direction: kind, packets }] }
    }
    case 'lost': {
      const address = addressOf(value)
      return { ...NO_RECORDS, lost: address === undefined ? [] : [{ address, packets }] }
    }
  }
}

function addressOf(value: unknown): Address | undefined {
  return typeof value === 'string' ? parseAddress(value) : undefined
}

interface Listing {
  readonly nftables?: readonly { readonly set?: ListedSet }[]
}

interface ListedSet {
  /** Seconds. */
  readonly timeout?: number
  readonly elem?: readonly { readonly elem?: ListedElement }[]
}

interface ListedElement {
  readonly val?: unknown
  /** Seconds that it still has. */
  readonly expires?: number
  readonly counter?: { readonly packets?: number }
}

function flowOf(value: unknown, kind: FlowKind): Pick<FlowRecord, 'source' | 'destination' | 'carries'> | undefined {
  const fields: unknown = (value as { readonly concat?: unknown } | undefined)?.concat
  if (!Array.isArray(fields)) return undefined
  const [from, to, third, fourth] = fields as readonly unknown[]
  const [source, destination] = [addressOf(from), addressOf(to)]
  if (source === undefined || destination === undefined) return undefined
  if (typeof third !== 'number' || typeof fourth !== 'number') return undefined
  const carries: FlowProtocol =
    kind === 'icmp' ? { protocol: 'ICMP', type: third, code: fourth } : protocolOf(third, fourth)
  return { source, destination, carries }
}

const WITH_PORTS: Readonly<Record<number, 'TCP' | 'UDP' | 'SCTP'>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' }

function protocolOf(number: number, port: number): FlowProtocol {
  const protocol = WITH_PORTS[number]
  return protocol === undefined ? { protocol: 'other', number } : { protocol, port }
}
