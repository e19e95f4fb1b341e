import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { outsideAddresses } from '../arbitraries/interesting-addresses.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawContainerPort, RawLabels, RawNamespace, RawPod } from '../oracle/raw-cluster.ts'

/** A pod that is not in the input, as `graph` names it. */
export type Stranger = ReachGraph['possible'][number]['peer']

/** A value that no selector of the arbitraries names, for labels of which only the key is asked. */
const SOME_VALUE = 'some-value'

function rawLabels(labels: Stranger['labels']): RawLabels {
  return Object.fromEntries([...labels].map(([key, value]) => [key, value === '?' ? SOME_VALUE : value]))
}

/** The cluster with that pod in it, at this address and with these ports; with its namespace, where the input lacks that. */
export function withStranger(
  cluster: RawCluster,
  stranger: Stranger,
  address: string,
  ports: readonly RawContainerPort[] = [],
): RawCluster {
  const namespace = stranger.namespace ?? 'elsewhere'
  const pod: RawPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stranger', namespace, labels: rawLabels(stranger.labels) },
    spec: { containers: [{ name: 'main', ports }] },
    status: { phase: 'Running', podIP: address },
  }
  const declared: RawNamespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: rawLabels(stranger.namespaceLabels) },
  }
  // The labels of a namespace that holds pods already are not this pod's to choose.
  const isKnown =
    cluster.namespaces.some(({ metadata }) => metadata.name === namespace) ||
    cluster.pods.some((one) => namespaceOf(one) === namespace)
  return {
    ...cluster,
    pods: [...cluster.pods, pod],
    namespaces: isKnown ? cluster.namespaces : [...cluster.namespaces, declared],
  }
}

/** Is it allowed wherever that pod is: at every address that some rule (of `rules`) could tell from others? */
export function allowedWherever(
  cluster: RawCluster,
  stranger: Stranger,
  ports: readonly RawContainerPort[],
  connectionAt: (address: string) => Connection,
  family: 'IPv4' | 'IPv6',
  rules = cluster,
): boolean {
  const addresses = outsideAddresses(rules).filter((address) => address.includes(':') === (family === 'IPv6'))
  return addresses.every(
    (address) => oracle(withStranger(cluster, stranger, address, ports))(connectionAt(address)).allowed,
  )
}
