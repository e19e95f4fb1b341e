import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'

/** Equal for one flow at two readings of the kernel's sets. */
export function recordKey({ source, destination, carries, directed }: Omit<FlowRecord, 'age'>): string {
  return [formatAddress(source), formatAddress(destination), ...Object.values(carries), directed].join(' ')
}
