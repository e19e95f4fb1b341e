import { addressesOf, namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawSelector } from '../oracle/raw-cluster.ts'

/** Which fields, and which forms of them, a cluster uses: by name, for the distribution test. */
export function featuresOf(cluster: RawCluster): Readonly<Record<string, boolean>> {
  return { ...podFeatures(cluster), ...policyFeatures(cluster), ...peerFeatures(cluster), ...portFeatures(cluster) }
}

function podFeatures({ pods, namespaces, policies }: RawCluster): Record<string, boolean> {
  const owners = (address: string) => pods.filter((pod) => addressesOf(pod).includes(address))
  const shared = pods.flatMap(addressesOf).filter((address) => owners(address).length > 1 && ownerOf(address, pods))
  const declared = new Set(namespaces.map(({ metadata }) => metadata.name))
  const ports = pods.map((pod) => (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []))
  const families = pods.map((pod) => addressesOf(pod).map((address) => (address.includes(':') ? 6 : 4)))
  return {
    'host network': pods.some((pod) => pod.spec?.hostNetwork),
    'no node': pods.some((pod) => !pod.spec?.nodeName),
    'two nodes': new Set(pods.map((pod) => pod.spec?.nodeName)).size > 1,
    succeeded: pods.some((pod) => pod.status?.phase === 'Succeeded'),
    failed: pods.some((pod) => pod.status?.phase === 'Failed'),
    'pending with address': pods.some((pod) => pod.status?.phase === 'Pending' && addressesOf(pod).length > 0),
    'no address': pods.some((pod) => addressesOf(pod).length === 0),
    terminating: pods.some((pod) => pod.metadata.deletionTimestamp),
    'shared address': shared.length > 0,
    'IPv4 only': families.some((some) => some.join() === '4'),
    'IPv6 only': families.some((some) => some.join() === '6'),
    'dual stack': families.some((some) => some.join() === '4,6'),
    'dual stack, IPv6 first': families.some((some) => some.join() === '6,4'),
    'podIP alone': pods.some((pod) => pod.status?.podIP && !pod.status.podIPs),
    'pod labels null': pods.some((pod) => pod.metadata.labels === null),
    'no pod labels': pods.some((pod) => Object.keys(pod.metadata.labels ?? {}).length === 0),
    'one name, two numbers': new Set(ports.flat().map((port) => port.name === 'http' && port.containerPort)).size > 2,
    'one name, two protocols in a pod': ports.some(
      (own) => new Set(own.flatMap((port) => (port.name === 'http' ? [port.protocol ?? 'TCP'] : []))).size > 1,
    ),
    sidecar: pods.some((pod) => pod.spec?.initContainers?.some((container) => container.restartPolicy === 'Always')),
    'plain init container': pods.some((pod) => pod.spec?.initContainers?.some((container) => !container.restartPolicy)),
    'declared namespace in use': pods.some((pod) => declared.has(namespaceOf(pod))),
    'undeclared namespace in use': [...pods, ...policies].some((object) => !declared.has(namespaceOf(object))),
    'namespace labels null': namespaces.some(({ metadata }) => metadata.labels === null),
  }
}

function policyFeatures({ policies }: RawCluster): Record<string, boolean> {
  const specs = policies.map((policy) => policy.spec ?? {})
  const types = specs.map((spec) => spec.policyTypes)
  const lists = specs.flatMap((spec) => [spec.ingress, spec.egress])
  return {
    'no policies': policies.length === 0,
    'many policies': policies.length > 3,
    'policyTypes missing': types.includes(undefined),
    'policyTypes null': types.includes(null),
    'policyTypes empty': types.some((some) => some?.length === 0),
    'policyTypes Ingress': types.some((some) => some?.join() === 'Ingress'),
    'policyTypes Egress': types.some((some) => some?.join() === 'Egress'),
    'policyTypes both': types.some((some) => some?.length === 2),
    'podSelector null': specs.some((spec) => spec.podSelector === null),
    'podSelector everything': specs.some((spec) => spec.podSelector && Object.keys(spec.podSelector).length === 0),
    'rules missing': lists.includes(undefined),
    'rules null': lists.includes(null),
    'rules empty': lists.some((list) => list?.length === 0),
    'rule null': lists.some((list) => list?.includes(null)),
    'rule empty': lists.some((list) => list?.some((rule) => rule && Object.keys(rule).length === 0)),
    'many rules': lists.some((list) => (list?.length ?? 0) > 1),
  }
}

function peerFeatures(cluster: RawCluster): Record<string, boolean> {
  const lists = rulesOf(cluster).flatMap((rule) => ['from' in rule ? rule.from : rule.to])
  const peers = lists.flatMap((list) => list ?? []).map((peer) => peer ?? {})
  const blocks = peers.flatMap((peer) => peer.ipBlock ?? [])
  const selectors = peers.flatMap((peer) => [peer.podSelector ?? {}, peer.namespaceSelector ?? {}])
  const operators = new Set(
    selectors.flatMap(({ matchExpressions }) => (matchExpressions ?? []).map(({ operator }) => operator)),
  )
  return {
    'peers missing': lists.includes(undefined),
    'peers null': lists.includes(null),
    'peers empty': lists.some((list) => list?.length === 0),
    'peer podSelector': peers.some((peer) => peer.podSelector && !peer.namespaceSelector),
    'peer namespaceSelector': peers.some((peer) => peer.namespaceSelector && !('podSelector' in peer)),
    'peer podSelector null': peers.some((peer) => peer.podSelector === null),
    'peer both': peers.some((peer) => peer.podSelector && peer.namespaceSelector),
    'peer ipBlock': blocks.length > 0,
    'except null or empty': blocks.some((block) => 'except' in block && (block.except ?? []).length === 0),
    'many excepts': blocks.some((block) => (block.except?.length ?? 0) > 1),
    'every IPv4': blocks.some((block) => block.cidr === '0.0.0.0/0'),
    'every IPv6': blocks.some((block) => block.cidr === '::/0'),
    'one address': blocks.some((block) => /\/(32|128)$/.test(block.cidr)),
    'operator In': operators.has('In'),
    'operator NotIn': operators.has('NotIn'),
    'operator Exists': operators.has('Exists'),
    'operator DoesNotExist': operators.has('DoesNotExist'),
    'equal selectors, two spellings': hasTwoSpellings(selectors),
  }
}

function portFeatures(cluster: RawCluster): Record<string, boolean> {
  const lists = rulesOf(cluster).map((rule) => rule.ports)
  const items = lists.flatMap((list) => list ?? [])
  const ports = items.map((port) => port ?? {})
  return {
    'ports missing': lists.includes(undefined),
    'ports null': lists.includes(null),
    'ports empty': lists.some((list) => list?.length === 0),
    'port item null': items.includes(null),
    'port number': ports.some((port) => typeof port.port === 'number' && !port.endPort),
    'port range': ports.some((port) => port.endPort),
    'port name': ports.some((port) => typeof port.port === 'string' && port.port !== 'nowhere'),
    'port name unknown': ports.some((port) => port.port === 'nowhere'),
    'protocol alone': ports.some((port) => port.protocol && !port.port),
    'protocol missing': ports.some((port) => port.protocol === undefined),
    'protocol null': ports.some((port) => port.protocol === null),
    UDP: ports.some((port) => port.protocol === 'UDP'),
    SCTP: ports.some((port) => port.protocol === 'SCTP'),
  }
}

function rulesOf({ policies }: RawCluster) {
  return policies.flatMap(({ spec }) => [...(spec?.ingress ?? []), ...(spec?.egress ?? [])]).map((rule) => rule ?? {})
}

/** matchLabels with one label, and elsewhere the In with one value that says the same. */
function hasTwoSpellings(selectors: readonly RawSelector[]): boolean {
  const labels = new Set(
    selectors.flatMap(({ matchLabels }) => Object.entries(matchLabels ?? {}).map((pair) => pair.join('='))),
  )
  return selectors.some(({ matchExpressions }) =>
    matchExpressions?.some(({ key, operator, values }) => operator === 'In' && labels.has(`${key}=${values?.join()}`)),
  )
}
