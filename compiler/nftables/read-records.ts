import { parseAddress } from '../addresses/parse-address.ts'
import type { RecordedKind } from './recorded-sets.ts'
import type { FlowProtocol, FlowRecord, PodTotal, Records } from './flow-record.ts'

/**
 * Reads what `nft -n -j list set` printed of one of these sets; numbers only, since names are the machine's affair. What is no
 * element of ours is left out.
 */
export function readRecords(listing: unknown, kind: RecordedKind): Records {
  const objects = (listing as Listing | undefined)?.nftables ?? []
  const flows: FlowRecord[] = []
  const totals: PodTotal[] = []
  for (const { set } of objects) {
    const timeout = set?.timeout ?? 0
    for (const { elem } of set?.elem ?? []) {
      const packets = elem?.counter?.packets
      if (elem === undefined || packets === undefined) continue
      if (kind === 'ingress' || kind === 'egress') {
        const address = typeof elem.val === 'string' ? parseAddress(elem.val) : undefined
        if (address !== undefined) totals.push({ address, direction: kind, packets })
        continue
      }
      const age = Math.max(0, timeout - (elem.expires ?? timeout))
      const flow = flowOf(elem.val, kind)
      if (flow !== undefined) flows.push({ ...flow, directed: kind !== 'untracked', packets, age })
    }
  }
  return { flows, totals }
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

function flowOf(
  value: unknown,
  kind: 'flows' | 'icmp' | 'untracked',
): Pick<FlowRecord, 'source' | 'destination' | 'carries'> | undefined {
  const fields: unknown = (value as { readonly concat?: unknown } | undefined)?.concat
  if (!Array.isArray(fields)) return undefined
  const [from, to, third, fourth] = fields as readonly unknown[]
  const source = typeof from === 'string' ? parseAddress(from) : undefined
  const destination = typeof to === 'string' ? parseAddress(to) : undefined
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
