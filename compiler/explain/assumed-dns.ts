import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { findEnd } from '../cluster/find-end.ts'
import { DNS_LABEL, DNS_SERVICE } from '../cluster/find-word.ts'
import { withMorePods } from '../cluster/with-more-pods.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import type { Pod } from '../objects/objects.ts'
import type { Words } from './question.ts'
import { freeAddress } from './twins.ts'

/** From here on, the first address that no pod of the input owns stands for a DNS pod that is not in it. */
export const ASSUMED_ADDRESS: Readonly<Record<Family, string>> = { IPv4: '10.244.0.2', IPv6: 'fd00:10:244::2' }

/** A pod as kubeadm and k3s run it, for an input that holds no DNS pod; with the labels of its Service, where that has a selector. */
export function assumedDnsPod(graph: AllowGraph, labels: Iterable<readonly [string, string]> = [DEFAULT_LABEL]): Pod {
  return {
    kind: 'Pod',
    namespace: DNS_SERVICE.namespace,
    name: 'assumed-dns',
    uid: '',
    labels: createLabelInterner()([...labels]),
    node: undefined,
    addresses: FAMILIES.map((family) => freeAddress(graph, ASSUMED_ADDRESS[family])),
    hostNetwork: false,
    finished: false,
    terminating: false,
    createdAt: '',
    ports: [
      { name: 'dns', protocol: 'UDP', number: 53 },
      { name: 'dns-tcp', protocol: 'TCP', number: 53 },
    ],
  }
}

const DEFAULT_LABEL = [DNS_LABEL.key, DNS_LABEL.value] as const

/** The cluster as it is, or with a DNS pod where the question is about `dns` and the input holds none. */
export function withAssumedDns(
  cluster: Cluster,
  { from, to, namespace }: Words,
): { readonly cluster: Cluster; readonly notes: readonly string[] } {
  const isMissing = [from, to].some((word) => word === 'dns' && findEnd(cluster, word, namespace).kind === 'nothing')
  const service = cluster.services.get(`${DNS_SERVICE.namespace}/${DNS_SERVICE.name}`)
  // Somebody else writes where such a Service leads, and nothing can be assumed of that.
  if (!isMissing || (service !== undefined && service.selector === undefined)) return { cluster, notes: [] }
  const pod = assumedDnsPod(cluster.graph, service?.selector)
  const labels = [...pod.labels.labels].map(([key, value]) => `${key}=${value}`).join(', ')
  return {
    cluster: withMorePods(cluster, [pod]),
    notes: [`the input holds no DNS pod; one in ${pod.namespace} with ${labels} was assumed`],
  }
}
