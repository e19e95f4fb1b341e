import type {
  RawCluster,
  RawContainerPort,
  RawLabels,
  RawNamespace,
  RawObject,
  RawPod,
  RawPolicy,
} from './raw-cluster.ts'

interface PodDetails {
  readonly labels?: RawLabels
  readonly ports?: readonly RawContainerPort[]
  readonly metadata?: Omit<RawPod['metadata'], 'name' | 'namespace' | 'labels'>
  readonly spec?: RawPod['spec']
  readonly status?: RawPod['status']
}

/** For tests: a running pod `namespace/name`; addresses separated by a space, none for an empty text. */
export function pod(path: string, addresses: string, details: PodDetails = {}): RawPod {
  const [namespace, name] = splitPath(path)
  const podIPs = addresses
    .split(' ')
    .filter(Boolean)
    .map((ip) => ({ ip }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...(details.labels && { labels: details.labels }), ...details.metadata },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', ports: details.ports ?? [] }], ...details.spec },
    status: { phase: 'Running', podIPs, ...details.status },
  }
}

/** For tests: a namespace with its labels as written. */
export function namespace(name: string, labels: RawLabels): RawNamespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

/** For tests: a policy `namespace/name` with its spec as written. */
export function policy(path: string, spec: RawPolicy['spec']): RawPolicy {
  const [inNamespace, name] = splitPath(path)
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace: inNamespace, name }, spec }
}

/** For tests: a cluster of objects in any order. */
export function clusterOf(...objects: readonly RawObject[]): RawCluster {
  return {
    pods: objects.filter((object) => object.kind === 'Pod'),
    namespaces: objects.filter((object) => object.kind === 'Namespace'),
    policies: objects.filter((object) => object.kind === 'NetworkPolicy'),
  }
}

function splitPath(path: string): readonly [string, string] {
  const [inNamespace = '', name = ''] = path.split('/')
  return [inNamespace, name]
}
