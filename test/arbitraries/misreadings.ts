import type { RawCluster, RawContainer, RawPod, RawSelector } from '../oracle/raw-cluster.ts'
import { mapPeers, mapPods, mapPorts, mapRules, mapSpecs } from './map-cluster.ts'

/** A mistake that a compiler could make, as a change of its input: judging the changed cluster is judging with the mistake. */
export type Misreading = (cluster: RawCluster) => RawCluster

/** Each of them must show in some verdict of some random cluster, or the laws could not see it in a compiler. */
export const MISREADINGS: Readonly<Record<string, Misreading>> = {
  'excepts ignored': (cluster) =>
    mapPeers(cluster, (peer) => [peer.ipBlock ? { ipBlock: { cidr: peer.ipBlock.cidr } } : peer]),
  'blocks match no pods': (cluster) =>
    mapPeers(cluster, (peer) =>
      peer.ipBlock && cidrOfPods(peer.ipBlock.cidr) ? [{ ipBlock: { cidr: '198.51.100.1/32' } }] : [peer],
    ),
  'endPort ignored': (cluster) => mapPorts(cluster, (port) => ({ ...port, endPort: null })),
  'protocol ignored': (cluster) => mapPorts(cluster, (port) => ({ ...port, protocol: 'TCP' })),
  'names open every port': (cluster) =>
    mapPorts(cluster, ({ port, ...rest }) => (typeof port === 'string' ? rest : { ...rest, port: port ?? null })),
  'names open nothing': (cluster) =>
    mapPorts(cluster, (port) => (typeof port.port === 'string' ? { ...port, port: 'nowhere' } : port)),
  'protocol without port is port 1': (cluster) => mapPorts(cluster, (port) => ({ ...port, port: port.port ?? 1 })),
  'names resolve over any protocol': (cluster) =>
    mapContainers(cluster, ({ ports, ...container }) => ({
      ...container,
      ports: (ports ?? []).flatMap((port) => ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ ...port, protocol }))),
    })),
  'plain init containers own names': (cluster) =>
    mapContainers(cluster, (container) => ({ ...container, restartPolicy: 'Always' })),
  'sidecars own no names': (cluster) =>
    mapPods(cluster, (pod) => ({ ...pod, spec: { ...pod.spec, initContainers: [] } })),
  'of one name the last container wins': (cluster) =>
    mapPods(cluster, (pod) => ({
      ...pod,
      spec: { ...pod.spec, containers: (pod.spec?.containers ?? []).toReversed() },
    })),
  'finished pods own addresses': (cluster) =>
    mapPods(cluster, (pod) => ({ ...pod, status: { ...pod.status, phase: 'Running' } })),
  'terminating pods own nothing': (cluster) => ({
    ...cluster,
    pods: cluster.pods.filter((pod) => !pod.metadata.deletionTimestamp),
  }),
  'termination does not count for ownership': (cluster) => mapMetadata(cluster, { deletionTimestamp: null }),
  'age does not count for ownership': (cluster) => mapMetadata(cluster, { creationTimestamp: null }),
  'uid does not count for ownership': (cluster) => mapMetadata(cluster, { uid: null }),
  'host-network pods are pods': (cluster) =>
    mapPods(cluster, (pod) => ({ ...pod, spec: { ...pod.spec, hostNetwork: false } })),
  'only the first address counts': (cluster) =>
    mapPods(cluster, (pod) => ({ ...pod, status: { ...pod.status, podIPs: (pod.status?.podIPs ?? []).slice(0, 1) } })),
  'policyTypes ignored': (cluster) => mapSpecs(cluster, (spec) => ({ ...spec, policyTypes: null })),
  'namespace labels ignored': (cluster) => ({ ...cluster, namespaces: [] }),
  'both selectors of a peer are an or': (cluster) =>
    mapPeers(cluster, ({ podSelector, namespaceSelector, ...peer }) =>
      podSelector && namespaceSelector
        ? [{ podSelector }, { namespaceSelector }]
        : [{ ...peer, podSelector: podSelector ?? null, namespaceSelector: namespaceSelector ?? null }],
    ),
  'podSelector alone reaches all namespaces': (cluster) =>
    mapPeers(cluster, (peer) => [
      peer.podSelector
        ? { namespaceSelector: {}, ...peer, ...(!peer.namespaceSelector && { namespaceSelector: {} }) }
        : peer,
    ]),
  'NotIn wants the label': (cluster) => mapSelectors(cluster, 'NotIn', 'Exists'),
  'DoesNotExist ignored': (cluster) => mapSelectors(cluster, 'DoesNotExist', undefined),
  'Exists ignored': (cluster) => mapSelectors(cluster, 'Exists', undefined),
  'matchExpressions ignored': (cluster) => mapSelectors(cluster, undefined, undefined),
  'empty peers are nobody': (cluster) =>
    mapRules(cluster, (rule) => ((rule.from ?? rule.to ?? []).length === 0 ? { ...rule, from: [{}] } : rule)),
  'empty ports are nothing': (cluster) =>
    mapRules(cluster, (rule) => ((rule.ports ?? []).length === 0 ? { ...rule, ports: [{ port: 'nowhere' }] } : rule)),
  'of many rules the first counts': (cluster) =>
    mapSpecs(cluster, (spec) => ({
      ...spec,
      ...(spec.ingress && { ingress: spec.ingress.slice(0, 1) }),
      ...(spec.egress && { egress: spec.egress.slice(0, 1) }),
    })),
  'of many policies the first counts': (cluster) => ({ ...cluster, policies: cluster.policies.slice(0, 1) }),
}

function cidrOfPods(cidr: string): boolean {
  return cidr.startsWith('10.244.') || cidr.startsWith('fd44:')
}

function mapContainers(cluster: RawCluster, change: (container: RawContainer) => RawContainer): RawCluster {
  return mapPods(cluster, (pod) => ({
    ...pod,
    spec: {
      ...pod.spec,
      containers: (pod.spec?.containers ?? []).map(change),
      initContainers: (pod.spec?.initContainers ?? []).map(change),
    },
  }))
}

function mapMetadata(cluster: RawCluster, change: Partial<RawPod['metadata']>): RawCluster {
  return mapPods(cluster, (pod) => ({ ...pod, metadata: { ...pod.metadata, ...change } }))
}

/** Adds to each requirement of the operator (of any, when undefined) another one on its key, or drops it. */
function mapSelectors(cluster: RawCluster, operator: string | undefined, added: string | undefined): RawCluster {
  const change = (selector: RawSelector): RawSelector => ({
    ...selector,
    matchExpressions: (selector.matchExpressions ?? []).flatMap((requirement) => {
      if (operator !== undefined && requirement.operator !== operator) return [requirement]
      return added === undefined ? [] : [requirement, { key: requirement.key, operator: added }]
    }),
  })
  const inPeers = mapPeers(cluster, (peer) => [
    {
      ...peer,
      ...(peer.podSelector && { podSelector: change(peer.podSelector) }),
      ...(peer.namespaceSelector && { namespaceSelector: change(peer.namespaceSelector) }),
    },
  ])
  return mapSpecs(inPeers, (spec) => ({ ...spec, podSelector: change(spec.podSelector ?? {}) }))
}
