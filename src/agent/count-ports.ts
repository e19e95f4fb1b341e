import { portText } from '../../compiler/flows/fold-rows.ts'
import type { FlowProtocol } from '../../compiler/nftables/flow-record.ts'

/** Counts different ports, types and protocols in little room: a bit for each port. */
export interface PortCount {
  add(carries: FlowProtocol): void
  readonly count: number
}

const BYTES = 65_536 / 8
/** ICMP has at most so many types and codes. */
const MOST_OTHERS = 4096

export function createPortCount(): PortCount {
  const seen = new Map<string, Uint8Array>()
  const others = new Set<string>()
  let count = 0
  return {
    add(carries) {
      if (!('port' in carries)) {
        if (others.size < MOST_OTHERS) others.add(portText(carries))
        return
      }
      const bits = seen.get(carries.protocol) ?? new Uint8Array(BYTES)
      seen.set(carries.protocol, bits)
      const [at, bit] = [carries.port >> 3, 1 << (carries.port & 7)]
      const before = bits[at] ?? 0
      if ((before & bit) === 0) count += 1
      bits[at] = before | bit
    },
    get count() {
      return count + others.size
    },
  }
}
