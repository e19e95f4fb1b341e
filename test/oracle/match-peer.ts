import { inBlock } from './in-block.ts'
import { matchesSelector } from './match-selector.ts'
import { namespaceLabels } from './namespace-labels.ts'
import { namespaceOf } from './owner-of.ts'
import type { RawCluster, RawPeer, RawPod } from './raw-cluster.ts'

/** The other end of a connection: an address, and the pod that owns it, if one does. */
export interface End {
  readonly address: string
  readonly pod: RawPod | undefined
}

/**
 * networking/v1 NetworkPolicyPeer. An ipBlock looks at the address alone, pods included; selectors at the owning pod alone.
 * Without namespaceSelector: the policy's own namespace; without podSelector: every pod of the namespaces.
 * A peer without any field, which the API server refuses, selects nothing.
 */
export function matchesPeer(peer: RawPeer, end: End, policyNamespace: string, cluster: RawCluster): boolean {
  if (peer.ipBlock) return inBlock(end.address, peer.ipBlock)
  if (!peer.podSelector && !peer.namespaceSelector) return false
  if (end.pod === undefined) return false
  const namespace = namespaceOf(end.pod)
  const inNamespace = peer.namespaceSelector
    ? matchesSelector(peer.namespaceSelector, namespaceLabels(namespace, cluster.namespaces))
    : namespace === policyNamespace
  return inNamespace && matchesSelector(peer.podSelector ?? {}, end.pod.metadata.labels ?? {})
}
