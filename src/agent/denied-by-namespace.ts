import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { countedSince } from '../../compiler/flows/counted-since.ts'
import type { PodTotal } from '../../compiler/nftables/flow-record.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { OfNamespace } from '../telemetry/metrics-snapshot.ts'

/** Sums that only grow, from counts that the kernel forgets, and counts anew when the table is built. */
export interface DeniedByNamespace {
  /** Takes all totals as they were last read. */
  take(totals: readonly PodTotal[]): void
  /** The kernel's counts begin at nothing. */
  tableIsNew(): void
  /** In the order in which they came, so that the first hundred stay the same. */
  values(): readonly OfNamespace[]
}

/**
 * No sums. What nobody owns when it is read, nor owned when the address was read before, is nobody's: it is in no namespace. It
 * remembers the addresses that the kernel does, and the namespaces that it has seen.
 */
export function createDeniedByNamespace(ownerOf: (address: string) => Pod | undefined): DeniedByNamespace {
  let known = new Map<string, { readonly packets: number; readonly namespace: string | undefined }>()
  const sums = new Map<string, OfNamespace>()

  return {
    take(totals) {
      const before = known
      known = new Map()
      for (const { address, direction, packets } of totals) {
        const text = formatAddress(address)
        const key = `${direction} ${text}`
        const last = before.get(key)
        const namespace = ownerOf(text)?.namespace ?? last?.namespace
        known.set(key, { packets, namespace })
        const more = countedSince(last?.packets, packets)
        if (namespace === undefined || more === 0) continue
        const name = `${direction} ${namespace}`
        sums.set(name, { namespace, direction, packets: (sums.get(name)?.packets ?? 0) + more })
      }
    },
    tableIsNew() {
      known = new Map([...known].map(([key, { namespace }]) => [key, { namespace, packets: 0 }]))
    },
    values: () => [...sums.values()],
  }
}
