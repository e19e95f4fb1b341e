import fc from 'fast-check'
import type { RawCluster, RawPolicy } from '../oracle/raw-cluster.ts'
import { clusters } from './clusters.ts'

/** A cluster some of whose policies are only audited, and the same without those. */
export interface AuditedCluster {
  readonly cluster: RawCluster
  /** The oracle knows of no mode: this is what is enforced. */
  readonly enforced: RawCluster
}

/** Which of a cluster's policies are audited: each or not, by the bits of a number. */
export function audited(cluster: RawCluster, which: number): AuditedCluster {
  const isAudited = (index: number): boolean => ((which >> index) & 1) === 1
  return {
    cluster: {
      ...cluster,
      policies: cluster.policies.map((policy, index) => (isAudited(index) ? withMode(policy, 'audit') : policy)),
    },
    enforced: { ...cluster, policies: cluster.policies.filter((_, index) => !isAudited(index)) },
  }
}

export function withMode(policy: RawPolicy, mode: string): RawPolicy {
  const annotations = { ...policy.metadata.annotations, 'selvedge.io/mode': mode }
  return { ...policy, metadata: { ...policy.metadata, annotations } }
}

/** About half of the policies of some cluster are only audited. */
export function auditedClusters(some: fc.Arbitrary<RawCluster> = clusters()): fc.Arbitrary<AuditedCluster> {
  return fc.tuple(some, fc.nat({ max: 63 })).map(([cluster, which]) => audited(cluster, which))
}
