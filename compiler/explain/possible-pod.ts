import { FAMILIES } from '../addresses/address.ts'
import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import type { Namespace, Pod } from '../objects/objects.ts'
import { podKey } from '../objects/pod-name.ts'
import { ASSUMED_ADDRESS } from './assumed-dns.ts'
import type { PossiblePod } from './question.ts'
import type { Refusal } from './site.ts'
import { freeAddress } from './twins.ts'

export interface WithPossiblePod {
  readonly kind: 'added'
  readonly cluster: Cluster
  /** One of its addresses, by which the question finds it. */
  readonly address: string
}

/** The cluster with that pod in it, on no node, at an address in each family that no other pod has. */
export function withPossiblePod(
  cluster: Cluster,
  { labels, namespace, namespaceLabels }: PossiblePod,
): WithPossiblePod | Refusal {
  if (namespaceLabels !== undefined && cluster.namespaces.has(namespace)) {
    const problem = `the input declares namespace ${namespace} with labels of its own`
    return { kind: 'problem', problem, hint: 'leave the labels of the namespace out' }
  }
  const intern = createLabelInterner()
  const pod: Pod = {
    kind: 'Pod',
    namespace,
    name: `[${labels.map(([key, value]) => `${key}=${value}`).join(',')}]`,
    uid: '',
    labels: intern(labels),
    node: undefined,
    addresses: FAMILIES.map((family) => freeAddress(cluster.graph, ASSUMED_ADDRESS[family])),
    hostNetwork: false,
    finished: false,
    terminating: false,
    createdAt: '',
    ports: [],
  }
  const declared: readonly Namespace[] =
    namespaceLabels === undefined
      ? []
      : [
          {
            kind: 'Namespace',
            name: namespace,
            labels: intern([...namespaceLabels, [NAMESPACE_NAME_LABEL, namespace]]),
          },
        ]
  // Of two with equal labels each is a pod of its own.
  const own = cluster.graph.pods.has(podKey(pod)) ? { ...pod, name: `${pod.name} (another)` } : pod
  const larger = createCluster([...cluster.objects, ...declared, own], cluster.others)
  return { kind: 'added', cluster: larger, address: own.addresses[0] ?? '' }
}
