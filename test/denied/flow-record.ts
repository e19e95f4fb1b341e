import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { FlowProtocol, FlowRecord } from '../../compiler/nftables/flow-record.ts'

/** A denied flow between two addresses in text, of one packet, just now. */
export function flowRecord(from: string, to: string, carries: FlowProtocol): FlowRecord {
  const [source, destination] = [parseAddress(from), parseAddress(to)]
  if (source === undefined || destination === undefined) throw new Error(`no addresses: ${from}, ${to}`)
  return { fate: 'denied', source, destination, carries, directed: true, packets: 1, age: 0 }
}
