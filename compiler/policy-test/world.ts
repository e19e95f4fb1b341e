import type { Cluster } from '../cluster/create-cluster.ts'
import { withMorePods } from '../cluster/with-more-pods.ts'
import { withAssumedDns } from '../explain/assumed-dns.ts'
import { podsWithUntoldLabels } from '../explain/unknown-labels.ts'
import { twinsOf } from '../explain/twins.ts'
import type { GraphPod, Isolation } from '../graph/allow-graph.ts'
import type { Grant } from '../graph/grants.ts'
import { podName } from '../objects/pod-name.ts'
import type { Behaviour } from '../reach/behaviours.ts'
import { createReach, type Reach } from '../reach/create-reach.ts'
import { EVERY_PORT, type PortSet, portSetOfGrant, unionPortSets } from '../reach/port-set.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { PortName } from './asked-ports.ts'
import { type Namespaces, type PossiblePod, possiblePods } from './possible-pods.ts'

/** One cluster, asked many things: what costs a walk over all pods is found once. */
export interface World {
  readonly cluster: Cluster
  readonly reach: Reach
  /** Of words that do not say theirs. */
  readonly namespace: string
  readonly namespaces: Namespaces
  /** Pods with an address by namespace, without those that were only assumed. */
  readonly inNamespace: ReadonlyMap<string, readonly GraphPod[]>
  /** All of these. */
  readonly everyPod: ReadonlySet<GraphPod>
  readonly hosts: readonly GraphPod[]
  /** Assumed for the word `dns`: one that no `*` means. */
  isAssumed(pod: GraphPod): boolean
  /** By podKey: a selector asks for a label of it of which no file says the value. */
  readonly untold: ReadonlySet<string>
  behaviourOf(pod: GraphPod): Behaviour
  /** Whom the grants of a direction let in by their labels, whether or not the input has such pods. */
  possibleOf(isolation: Isolation): readonly PossibleGrant[]
}

/** A peer group of one grant, with its ports. */
export interface PossibleGrant {
  readonly group: PeerGroup
  readonly pods: readonly PossiblePod[]
  readonly ports: PortSet
  /** The grant is for a port of this name, which may be any number of its protocol there. */
  readonly name: PortName | undefined
}

/** `dns`: the word is asked about, so that somebody is assumed where the input holds nobody. */
export function createWorld(given: Cluster, namespace: string, dns: boolean): World {
  const assumed = dns ? withAssumedDns(given, { from: 'dns', to: 'dns', port: '53/UDP', namespace }).cluster : given
  const added = new Set(assumed === given ? [] : [ASSUMED])
  return worldOf(assumed, namespace, (pod) => added.has(podName(pod.pod)))
}

const ASSUMED = 'kube-system/assumed-dns'

/** The same with a second pod for each of these, which are alone of their workloads. */
export function withSeconds(world: World, lonely: readonly GraphPod[]): World {
  if (lonely.length === 0) return world
  const { cluster } = world
  return worldOf(withMorePods(cluster, twinsOf(cluster.graph, lonely)), world.namespace, world.isAssumed)
}

function worldOf(cluster: Cluster, namespace: string, isAssumed: (pod: GraphPod) => boolean): World {
  const { graph } = cluster
  const reach = createReach(graph)
  const pods = reach.behaviours.flatMap(({ members }) => members)
  const inNamespace = Map.groupBy(
    pods.filter((pod) => !isAssumed(pod)),
    ({ pod }) => pod.namespace,
  )
  const names = new Set([...cluster.namespaces.keys(), ...[...graph.pods.values()].map(({ pod }) => pod.namespace)])
  const namespaces = new Map([...names].sort().map((name) => [name, graph.namespaceLabels(name).labels]))
  const ofGroup = new Map<string, readonly PossiblePod[]>()
  const ofIsolation = new Map<string, readonly PossibleGrant[]>()
  const stands = (group: PeerGroup): readonly PossiblePod[] => {
    let found = ofGroup.get(group.key)
    if (found === undefined) ofGroup.set(group.key, (found = possiblePods(group, namespaces)))
    return found
  }
  return {
    cluster,
    reach,
    namespace,
    namespaces,
    inNamespace,
    everyPod: new Set([...inNamespace.values()].flat()),
    hosts: reach.hosts.flatMap(({ members }) => members),
    isAssumed,
    untold: podsWithUntoldLabels(cluster),
    behaviourOf(pod) {
      const found = reach.behaviourOf(pod)
      if (found === undefined) throw new Error(`no behaviour of ${podName(pod.pod)}`)
      return found
    },
    possibleOf(isolation) {
      if (isolation === 'open') return []
      let found = ofIsolation.get(isolation.key)
      if (found === undefined) {
        found = possibleGrants(isolation.list, stands)
        ofIsolation.set(isolation.key, found)
      }
      return found
    },
  }
}

/** Each group once with all of its numbers, and once more for each name. */
function possibleGrants(
  grants: readonly Grant[],
  stands: (group: PeerGroup) => readonly PossiblePod[],
): readonly PossibleGrant[] {
  const found = new Map<string, PossibleGrant>()
  for (const { ports, peers } of grants) {
    const name = ports.kind === 'name' ? ports : undefined
    const set = name === undefined ? portSetOfGrant(ports, undefined) : wholeProtocol(name)
    for (const group of peers.kind === 'anyone' ? [] : peers.groups) {
      const key = JSON.stringify([group.key, name?.protocol, name?.name])
      const known = found.get(key)
      const all = known === undefined ? set : unionPortSets([known.ports, set])
      found.set(key, { group, pods: stands(group), ports: all, name })
    }
  }
  return [...found.values()]
}

function wholeProtocol({ protocol }: PortName): PortSet {
  return { ranges: { TCP: [], UDP: [], SCTP: [], [protocol]: EVERY_PORT.ranges[protocol] }, other: false }
}
