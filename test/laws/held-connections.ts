import { interestingConnections } from '../arbitraries/connections.ts'
import type { HeldCluster } from '../arbitraries/held-clusters.ts'
import type { Connection } from '../oracle/connection.ts'

/** Those of the cluster, and of the sandboxes' addresses with each other and with strangers. */
export function heldConnections({ cluster, hold }: HeldCluster, limit: number): readonly Connection[] {
  const pods = hold.sandboxes.map(({ addresses }, index) => ({
    ...(cluster.pods[0] ?? { apiVersion: 'v1' as const, kind: 'Pod' as const, metadata: { name: 'x' } }),
    metadata: { namespace: 'asking', name: `sandbox-${index}` },
    status: { podIPs: addresses.map((ip) => ({ ip })) },
  }))
  return interestingConnections({ ...cluster, pods: [...cluster.pods, ...pods] }, limit)
}
