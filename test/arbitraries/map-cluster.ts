import type { RawCluster, RawPeer, RawPod, RawPolicy, RawPort, RawRule } from '../oracle/raw-cluster.ts'

export function mapPods(cluster: RawCluster, change: (pod: RawPod) => RawPod): RawCluster {
  return { ...cluster, pods: cluster.pods.map(change) }
}

export function mapSpecs(
  cluster: RawCluster,
  change: (spec: NonNullable<RawPolicy['spec']>) => NonNullable<RawPolicy['spec']>,
): RawCluster {
  return { ...cluster, policies: cluster.policies.map((policy) => ({ ...policy, spec: change(policy.spec ?? {}) })) }
}

/** Changes every rule that is written out; a missing list stays missing. */
export function mapRules(cluster: RawCluster, change: (rule: RawRule) => RawRule): RawCluster {
  return mapSpecs(cluster, (spec) => ({
    ...spec,
    ...(spec.ingress && { ingress: spec.ingress.map((rule) => change(rule ?? {})) }),
    ...(spec.egress && { egress: spec.egress.map((rule) => change(rule ?? {})) }),
  }))
}

export function mapPeers(cluster: RawCluster, change: (peer: RawPeer) => readonly RawPeer[]): RawCluster {
  return mapRules(cluster, (rule) => ({
    ...rule,
    ...(rule.from && { from: rule.from.flatMap((peer) => change(peer ?? {})) }),
    ...(rule.to && { to: rule.to.flatMap((peer) => change(peer ?? {})) }),
  }))
}

export function mapPorts(cluster: RawCluster, change: (port: RawPort) => RawPort): RawCluster {
  return mapRules(cluster, (rule) => ({
    ...rule,
    ...(rule.ports && { ports: rule.ports.map((port) => change(port ?? {})) }),
  }))
}
