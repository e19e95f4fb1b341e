import type { RecordedEnd, RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { NODES } from '../arbitraries/pods.ts'
import type { Connection } from '../oracle/connection.ts'
import { namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'

/** A connection as `selvedge flows` would have it when it was seen in this cluster. */
export function recordedFlow(cluster: RawCluster, connection: Connection): RecordedFlow {
  const { source, destination, protocol, port } = connection
  const carries =
    protocol === 'ICMP'
      ? ({ protocol, type: source.includes(':') ? 128 : 8, code: 0 } as const)
      : protocol === 'other'
        ? ({ protocol, number: 47 } as const)
        : ({ protocol, port: port ?? 0 } as const)
  return {
    source: recordedEnd(cluster, source),
    destination: recordedEnd(cluster, destination),
    carries,
    count: 1,
    verdict: 'allowed',
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
    lateAnswer: false,
    uncertain: false,
    unconfirmed: false,
  }
}

function recordedEnd(cluster: RawCluster, address: string): RecordedEnd {
  const pod = ownerOf(address, cluster.pods)
  if (pod !== undefined) {
    const workload = workloadOf(pod)
    const { name } = pod.metadata
    return { kind: 'pod', address, namespace: namespaceOf(pod), name, ...(workload === undefined ? {} : { workload }) }
  }
  const node = NODES.find(({ addresses }) => addresses.some((own) => own === address))
  return node === undefined ? { kind: 'outside', address } : { kind: 'node', address, name: node.name }
}

/** Of withWorkloads. */
export function workloadOf(pod: RawPod): { readonly kind: string; readonly name: string } | undefined {
  const { ownerReferences } = pod.metadata as {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[]
  }
  const [owner] = ownerReferences ?? []
  return owner && { kind: owner.kind, name: owner.name }
}
