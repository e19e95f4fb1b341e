import fc from 'fast-check'
import { clusters } from '../arbitraries/clusters.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import type { RawCluster, RawPod, RawPolicy } from '../oracle/raw-cluster.ts'

/**
 * Clusters one after the other, made so that what changes together is read by the same chains: a pod takes another one's labels; all
 * pods take their neighbours' labels while policies gain each other's rules; all is another cluster.
 */
export const journeys: fc.Arbitrary<readonly RawCluster[]> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: clusters() },
      { weight: 1, arbitrary: clusters().chain((cluster) => manyPorts(cluster, 7, 12)) },
    ),
    clusters(),
  )
  .map(([one, other]) => {
    const [first, ...rest] = one.pods
    const relabelled = first === undefined ? one : { ...one, pods: [withLabelsOf(first, rest[0] ?? first), ...rest] }
    const rotated = { ...relabelled, pods: one.pods.map((pod, at) => withLabelsOf(pod, next(one.pods, at))) }
    const joined = one.policies.map((policy, at) => withRulesOf(policy, next(one.policies, at)))
    return [one, relabelled, { ...rotated, policies: joined }, { ...one, policies: joined }, other]
  })

/** The same ports, whoever asks. */
export function portsForAnyone(cluster: RawCluster): RawCluster {
  const policies = cluster.policies.map((policy): RawPolicy => {
    const { ingress, egress } = policy.spec ?? {}
    return {
      ...policy,
      spec: {
        ...policy.spec,
        ...(ingress && { ingress: ingress.map((rule) => ({ ...rule, from: null })) }),
        ...(egress && { egress: egress.map((rule) => ({ ...rule, to: null })) }),
      },
    }
  })
  return { ...cluster, policies }
}

function withLabelsOf(pod: RawPod, other: RawPod): RawPod {
  return { ...pod, metadata: { ...pod.metadata, labels: other.metadata.labels } }
}

function withRulesOf(policy: RawPolicy, { spec }: RawPolicy): RawPolicy {
  return {
    ...policy,
    spec: {
      ...policy.spec,
      ingress: [...(policy.spec?.ingress ?? []), ...(spec?.ingress ?? [])],
      egress: [...(policy.spec?.egress ?? []), ...(spec?.egress ?? [])],
    },
  }
}

function next<Item>(items: readonly Item[], at: number): Item {
  const item = items[(at + 1) % items.length]
  if (item === undefined) throw new Error('a list with an item in it has a next one')
  return item
}
