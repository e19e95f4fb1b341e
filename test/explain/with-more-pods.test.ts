import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import { withMorePods } from '../../compiler/cluster/with-more-pods.ts'
import type { Isolation } from '../../compiler/graph/allow-graph.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { askedCluster } from '../laws/ask-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'

/** Everything that a question can be about. */
function contentOf({ graph, selections, objects, nodes }: Cluster): object {
  const isolation = (one: Isolation) => (one === 'open' ? 'open' : one.key)
  return {
    pods: [...graph.pods].map(([key, { addresses, ingress, egress }]) => [
      key,
      addresses,
      isolation(ingress),
      isolation(egress),
    ]),
    owners: [...graph.owners].map(([address, { pod }]) => `${address} ${podName(pod)}`).sort(),
    selections: selections.map(({ policy, pods }) => `${podName(policy)}: ${pods.map(podName).sort().join()}`).sort(),
    objects: objects.length,
    nodes: [...nodes.keys()],
  }
}

/** Twins of some pods, at addresses of nobody. */
function twins({ graph }: Cluster): readonly Pod[] {
  return [...graph.pods.values()]
    .filter(({ addresses, pod }) => addresses.length > 0 && !pod.hostNetwork)
    .map(({ pod }, index) => ({ ...pod, name: `${pod.name}-2`, node: undefined, addresses: [`198.18.7.${index + 1}`] }))
}

test('law: pods that were only thought of are in the cluster as if it had been made with them', () => {
  let isolated = 0
  fc.assert(
    fc.property(clusters(), (raw) => {
      const cluster = askedCluster(raw)
      const more = twins(cluster)
      const larger = withMorePods(cluster, more)
      expect(contentOf(larger)).toEqual(contentOf(createCluster([...cluster.objects, ...more], cluster.others)))
      isolated += more.filter((pod) => larger.graph.owners.get(pod.addresses[0] ?? '')?.ingress !== 'open').length
    }),
    lawParameters(60),
  )
  expect(isolated).toBeGreaterThan(0)
})
