import { stringify } from 'yaml'
import { formatAddress } from '../addresses/format-address.ts'
import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { podName } from '../objects/pod-name.ts'
import type { Direction } from '../objects/direction.ts'
import { type Connection, judge, type Peer, type Transport } from '../graph/judge.ts'
import { readObjects } from '../objects/read-objects.ts'
import { compareReach } from '../reach/compare-reach.ts'
import type { Edge } from '../reach/edge.ts'
import { lastingLabels } from './lasting-labels.ts'

/** The smallest policies that would allow some connections: they only add, and only for the ends' own labels. */
export interface Suggestion {
  /** Manifests that work when pasted: one policy for the pods of each direction that denies. */
  readonly yaml: string
  /** All that they would open, workload by workload, the connections themselves among it. */
  readonly opens: readonly Edge[]
  /** What they would close: pods of the same labels that no policy isolated before. */
  readonly closes: readonly Edge[]
}

/** A connection that is to be allowed; in one direction, where policy sees other ends in the other. */
export interface WantedConnection extends Connection {
  readonly only?: Direction | undefined
}

/** Undefined where no further policy helps: a direction that is closed because it cannot be compiled. */
export function suggestPolicies(cluster: Cluster, connections: readonly WantedConnection[]): Suggestion | undefined {
  const drafts: Draft[] = []
  const taken = new Set([...cluster.selections, ...cluster.audited].map(({ policy }) => podName(policy)))
  for (const connection of connections) {
    for (const draft of draftsFor(cluster, connection)) {
      // Two families, or two replicas of one kind, need the same; several peers of the same pods go into one rule.
      const index = drafts.findIndex((known) => isJoinable(known, draft))
      const known = drafts[index]
      if (known !== undefined) {
        drafts[index] = { ...known, peers: unitePeers(known.peers, draft.peers) }
        continue
      }
      const name = freeName(taken, draft)
      taken.add(`${draft.namespace}/${name}`)
      drafts.push({ ...draft, name })
    }
  }
  const yaml = drafts.map((one) => stringify(manifestOf(one))).join('---\n')
  // Read back as anybody's file would be: what is printed is what was tried.
  const { objects } = readObjects([{ file: 'suggestion', text: yaml }], { defaultNamespace: 'default' })
  const changed = createCluster([...cluster.objects, ...objects], cluster.others)
  const isAllowed = (one: WantedConnection): boolean => {
    const verdict = judge(changed.graph, one)
    return one.only === undefined ? verdict.allowed : verdict[one.only].allowed
  }
  if (!connections.every(isAllowed)) return undefined
  const { opens, closes } = compareReach(cluster.graph, changed.graph, 'workload')
  return { yaml, opens, closes }
}

/** A policy with one rule. */
interface Draft {
  readonly namespace: string
  readonly name: string
  readonly direction: Direction
  readonly labels: Readonly<Record<string, string>>
  readonly peers: readonly object[]
  readonly ports: readonly object[]
}

function draftsFor(cluster: Cluster, connection: WantedConnection): readonly Draft[] {
  const { graph } = cluster
  const { source, destination, transport, only } = connection
  const from: Peer = { address: source, owner: graph.owners.get(formatAddress(source)) }
  const to: Peer = { address: destination, owner: graph.owners.get(formatAddress(destination)) }
  const verdict = judge(graph, connection)
  return (['egress', 'ingress'] as const).flatMap((direction) => {
    const [subject, peer] = direction === 'egress' ? [from, to] : [to, from]
    if (verdict[direction].allowed || subject.owner === undefined || (only ?? direction) !== direction) return []
    return [draftOf(cluster, direction, subject.owner, peer, transport)]
  })
}

function draftOf(cluster: Cluster, direction: Direction, subject: GraphPod, peer: Peer, transport: Transport): Draft {
  const { namespace } = subject.pod
  const own = shortName(subject)
  const other = peer.owner === undefined ? formatAddress(peer.address) : shortName(peer.owner)
  const ends = direction === 'egress' ? `${own}-to-${other}` : `${other}-to-${own}`
  return {
    namespace,
    name: `allow-${ends}-${direction}`,
    direction,
    labels: lastingLabels(cluster, subject),
    peers: [rulePeer(cluster, namespace, peer)],
    ports: transport.protocol === 'other' ? [] : [{ protocol: transport.protocol, port: transport.port }],
  }
}

function manifestOf({ namespace, name, direction, labels, peers, ports }: Draft): object {
  const rule = { [direction === 'egress' ? 'to' : 'from']: peers, ...(ports.length === 0 ? {} : { ports }) }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
      [direction]: [rule],
    },
  }
}

function rulePeer(cluster: Cluster, policyNamespace: string, { address, owner }: Peer): object {
  if (owner === undefined) {
    return { ipBlock: { cidr: `${formatAddress(address)}/${address.family === 'IPv4' ? 32 : 128}` } }
  }
  const podSelector = { matchLabels: lastingLabels(cluster, owner) }
  const { namespace } = owner.pod
  if (namespace === policyNamespace) return { podSelector }
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } }, podSelector }
}

function shortName({ pod }: GraphPod): string {
  return pod.workload?.name ?? pod.name
}

/** The same pods, direction and ports. */
function isJoinable(left: Draft, right: Draft): boolean {
  const rest = ({ namespace, direction, labels, ports }: Draft) => JSON.stringify([namespace, direction, labels, ports])
  return rest(left) === rest(right)
}

function unitePeers(left: readonly object[], right: readonly object[]): readonly object[] {
  return [...new Map([...left, ...right].map((peer) => [JSON.stringify(peer), peer])).values()]
}

/** A name of the API's syntax that no policy of the namespace has. */
function freeName(taken: ReadonlySet<string>, { name: wanted, namespace }: Draft): string {
  const base = wanted
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .slice(0, 240)
    .replace(/-+$/, '')
  let name = base
  for (let number = 2; taken.has(`${namespace}/${name}`); number += 1) name = `${base}-${number}`
  return name
}
