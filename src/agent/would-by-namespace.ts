import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { changeOf } from '../../compiler/flows/asked-flow.ts'
import type { BothVerdicts, OwnedConnection } from '../../compiler/flows/two-worlds.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { OfNamespace } from '../telemetry/metrics-snapshot.ts'
import type { GrownAsked } from './grown-asked.ts'

/** What would have been denied, were audited policies enforced, in sums that only grow. */
export interface WouldByNamespace {
  /** Judges what is new. */
  take(grown: readonly GrownAsked[], judge: (connection: OwnedConnection) => BothVerdicts): void
  /** In the order in which they came, by the namespace of the pod at which it would be denied. */
  values(): readonly OfNamespace[]
}

/** No sums. It remembers the namespaces that it has seen. */
export function createWouldByNamespace(ownerOf: (address: string) => Pod | undefined): WouldByNamespace {
  const sums = new Map<string, OfNamespace>()

  return {
    take(grown, judge) {
      for (const { flow, more } of grown) {
        const { source, destination, carries, direction, directed } = flow
        if (!directed) continue
        const [from, to] = [source, destination].map((end) => ownerOf(formatAddress(end)))
        const change = changeOf(judge, { source, destination, carries, from, to })
        // Where both ends would deny it, it would not come as far as the second.
        if (change?.kind !== 'denies' || change.lateAnswer || change.directions[0] !== direction) continue
        const namespace = (direction === 'egress' ? from : to)?.namespace
        if (namespace === undefined) continue
        const name = `${direction} ${namespace}`
        sums.set(name, { namespace, direction, packets: (sums.get(name)?.packets ?? 0) + more })
      }
    },
    values: () => [...sums.values()],
  }
}
