import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { changeOf } from '../../compiler/flows/asked-flow.ts'
import { countedSince } from '../../compiler/flows/counted-since.ts'
import type { BothVerdicts, OwnedConnection } from '../../compiler/flows/two-worlds.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { AskedFlow } from '../kernel/read-would.ts'
import type { NamespaceDenials } from './denied-by-namespace.ts'

/** What would have been denied, were audited policies enforced, in sums that only grow. */
export interface WouldByNamespace {
  /** Takes all flows as they were last read; only what is new in them is judged. */
  take(flows: readonly AskedFlow[], judge: (connection: OwnedConnection) => BothVerdicts): void
  /** The kernel's sets are gone: what comes in others is counted anew. */
  forget(): void
  /** In the order in which they came, by the namespace of the pod at which it would be denied. */
  values(): readonly NamespaceDenials[]
}

/** No sums. It remembers what the kernel does, and the namespaces that it has seen. */
export function createWouldByNamespace(ownerOf: (address: string) => Pod | undefined): WouldByNamespace {
  let counted = new Map<string, number>()
  const sums = new Map<string, NamespaceDenials>()

  return {
    take(flows, judge) {
      const before = counted
      counted = new Map()
      for (const flow of flows) {
        const { source, destination, carries, direction, directed, packets } = flow
        const [from, to] = [formatAddress(source), formatAddress(destination)]
        const key = [from, to, ...Object.values(carries), direction, directed].join(' ')
        counted.set(key, packets)
        const more = countedSince(before.get(key), packets)
        if (more === 0 || !directed) continue
        const owned = { source, destination, carries, from: ownerOf(from), to: ownerOf(to) }
        const change = changeOf(judge, owned)
        // Where both ends would deny it, it would not come as far as the second.
        if (change?.kind !== 'denies' || change.lateAnswer || change.directions[0] !== direction) continue
        const namespace = (direction === 'egress' ? owned.from : owned.to)?.namespace
        if (namespace === undefined) continue
        const name = `${direction} ${namespace}`
        sums.set(name, { namespace, direction, packets: (sums.get(name)?.packets ?? 0) + more })
      }
    },
    forget() {
      counted = new Map()
    },
    values: () => [...sums.values()],
  }
}
