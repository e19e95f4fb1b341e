import { stringify } from 'yaml'
import { formatAddress } from '../addresses/format-address.ts'
import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import { type GraphPod, podName } from '../graph/allow-graph.ts'
import type { Direction } from '../graph/build-grants.ts'
import { type Connection, judge, type Peer, type Transport } from '../graph/judge.ts'
import { readObjects } from '../objects/read-objects.ts'
import { compareReach } from '../reach/compare-reach.ts'
import type { Edge } from '../reach/edge.ts'
import { lastingLabels } from './lasting-labels.ts'

/** The smallest policies that would allow some connections: they only add, and only for the ends' own labels. */
export interface Suggestion {
  /** Manifests that work when pasted: one policy for each pair of ends and each direction that denies. */
  readonly yaml: string
  /** All that they would open, workload by workload, the connections themselves among it. */
  readonly opens: readonly Edge[]
  /** What they would close: pods of the same labels that no policy isolated before. */
  readonly closes: readonly Edge[]
}

/** Undefined where no further policy helps: a direction that is closed because it cannot be compiled. */
export function suggestPolicies(cluster: Cluster, connections: readonly Connection[]): Suggestion | undefined {
  const manifests: Manifest[] = []
  const taken = new Set(cluster.selections.map(({ policy }) => podName(policy)))
  for (const connection of connections) {
    for (const manifest of manifestsFor(cluster, connection)) {
      // Two families, or two replicas of one kind, need the same.
      if (manifests.some((known) => sameSpec(known, manifest))) continue
      const name = freeName(taken, manifest.metadata)
      taken.add(`${manifest.metadata.namespace}/${name}`)
      manifests.push({ ...manifest, metadata: { ...manifest.metadata, name } })
    }
  }
  const yaml = manifests.map((one) => stringify(one)).join('---\n')
  // Read back as anybody's file would be: what is printed is what was tried.
  const { objects } = readObjects([{ file: 'suggestion', text: yaml }], { defaultNamespace: 'default' })
  const changed = createCluster([...cluster.objects, ...objects], cluster.others)
  if (!connections.every((connection) => judge(changed.graph, connection).allowed)) return undefined
  const { opens, closes } = compareReach(cluster.graph, changed.graph, 'workload')
  return { yaml, opens, closes }
}

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: object
}

function manifestsFor({ graph }: Cluster, connection: Connection): readonly Manifest[] {
  const { source, destination, transport } = connection
  const from: Peer = { address: source, owner: graph.owners.get(formatAddress(source)) }
  const to: Peer = { address: destination, owner: graph.owners.get(formatAddress(destination)) }
  const verdict = judge(graph, connection)
  return (['egress', 'ingress'] as const).flatMap((direction) => {
    const [subject, peer] = direction === 'egress' ? [from, to] : [to, from]
    if (verdict[direction].allowed || subject.owner === undefined) return []
    return [manifest(direction, subject.owner, peer, transport)]
  })
}

function manifest(direction: Direction, subject: GraphPod, peer: Peer, transport: Transport): Manifest {
  const { namespace } = subject.pod
  const own = shortName(subject)
  const other = peer.owner === undefined ? formatAddress(peer.address) : shortName(peer.owner)
  const ends = direction === 'egress' ? `${own}-to-${other}` : `${other}-to-${own}`
  const ports =
    transport.protocol === 'other' ? {} : { ports: [{ protocol: transport.protocol, port: transport.port }] }
  const rule = { [direction === 'egress' ? 'to' : 'from']: [rulePeer(namespace, peer)], ...ports }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `allow-${ends}-${direction}`, namespace },
    spec: {
      podSelector: { matchLabels: lastingLabels(subject) },
      policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
      [direction]: [rule],
    },
  }
}

function rulePeer(policyNamespace: string, { address, owner }: Peer): object {
  if (owner === undefined) {
    return { ipBlock: { cidr: `${formatAddress(address)}/${address.family === 'IPv4' ? 32 : 128}` } }
  }
  const podSelector = { matchLabels: lastingLabels(owner) }
  const { namespace } = owner.pod
  if (namespace === policyNamespace) return { podSelector }
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector }
}

function shortName({ pod }: GraphPod): string {
  return pod.workload?.name ?? pod.name
}

function sameSpec(left: Manifest, right: Manifest): boolean {
  return (
    left.metadata.namespace === right.metadata.namespace && JSON.stringify(left.spec) === JSON.stringify(right.spec)
  )
}

/** A name of the API's syntax that no policy of the namespace has. */
function freeName(taken: ReadonlySet<string>, { name: wanted, namespace }: Manifest['metadata']): string {
  const base = wanted
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 240)
    .replace(/-+$/, '')
  let name = base
  for (let number = 2; taken.has(`${namespace}/${name}`); number += 1) name = `${base}-${number}`
  return name
}
