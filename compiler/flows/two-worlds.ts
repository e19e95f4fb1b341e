import { formatAddress } from '../addresses/format-address.ts'
import { isolatedBy } from '../engine/isolated-by.ts'
import type { Worlds } from '../engine/engine.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { type Connection, judge, judgeDirection, type Verdict } from '../graph/judge.ts'
import type { Direction } from '../objects/direction.ts'
import type { Pod, Policy } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'

/** A connection, and whose its ends were when it was seen: a pod that is gone since is judged as it was. */
export interface OwnedConnection extends Connection {
  readonly from: Pod | undefined
  readonly to: Pod | undefined
}

/** What becomes of a connection, and what would, were the audited policies enforced. */
export interface BothVerdicts {
  readonly now: Verdict
  readonly would: Verdict
  /** Of the two ends alone, as it would be. */
  readonly graph: AllowGraph
  /** The audited policies that make the difference, by direction: that isolate where nobody does, or grant where nobody else does. */
  readonly by: Readonly<Record<Direction, readonly string[]>>
}

/**
 * Judges by the policies of both worlds, without a graph of all pods: isolation is worked out for those that are asked about, on
 * whatever node. Good for as long as the policies do not change.
 */
export function createTwoWorlds(worlds: Worlds): (connection: OwnedConnection) => BothVerdicts {
  const all = [...worlds.enforced, ...worlds.audited]
  const now = createIsolation(worlds.enforced)
  const would = createIsolation(all)
  const asked = policiesBySubject(worlds.audited)

  function verdictOf(
    isolate: (pod: Pod) => GraphPod,
    { from, to, ...connection }: OwnedConnection,
  ): [AllowGraph, Verdict] {
    const owners = new Map<string, GraphPod>()
    if (from !== undefined) owners.set(formatAddress(connection.source), isolate(from))
    if (to !== undefined) owners.set(formatAddress(connection.destination), isolate(to))
    const graph = graphOf(owners, worlds)
    return [graph, judge(graph, connection)]
  }

  function policiesBehind(connection: OwnedConnection, graph: AllowGraph, direction: Direction, isGrant: boolean) {
    const { from, to, source, destination, transport } = connection
    const [subject, other, address] = direction === 'egress' ? [from, to, destination] : [to, from, source]
    if (subject === undefined) return []
    const peer = { address, owner: other && graph.owners.get(formatAddress(address)) }
    const target = to && graph.owners.get(formatAddress(destination))
    const grants = (policy: Policy): boolean =>
      judgeDirection(graph, isolatedBy([policy], subject.ports)[direction], peer, transport, target).allowed
    return asked(subject)
      .filter((policy) => policy[direction] !== undefined && (!isGrant || grants(policy)))
      .map(podName)
      .sort()
  }

  return (connection) => {
    const [, is] = verdictOf(now, connection)
    const [graph, then] = verdictOf(would, connection)
    const by = (direction: Direction): readonly string[] =>
      is[direction].allowed === then[direction].allowed
        ? []
        : policiesBehind(connection, graph, direction, then[direction].allowed)
    return { now: is, would: then, graph, by: { ingress: by('ingress'), egress: by('egress') } }
  }
}

function graphOf(owners: ReadonlyMap<string, GraphPod>, { namespaceLabels }: Worlds): AllowGraph {
  return { pods: new Map(), owners, namespaceLabels, declaresNamespace: () => true, policies: [] }
}

/** Each pod once: a pod to itself is known by being one. */
function createIsolation(policies: readonly Policy[]): (pod: Pod) => GraphPod {
  const selecting = policiesBySubject(policies)
  const known = new Map<Pod, GraphPod>()
  return (pod) => {
    let found = known.get(pod)
    if (found === undefined) {
      const { ingress, egress } = isolatedBy(selecting(pod), pod.ports)
      known.set(pod, (found = { pod, addresses: pod.addresses, ingress, egress }))
    }
    return found
  }
}

function policiesBySubject(policies: readonly Policy[]): (pod: Pod) => readonly Policy[] {
  const byNamespace = Map.groupBy(policies, ({ namespace }) => namespace)
  return ({ namespace, labels, hostNetwork }) =>
    hostNetwork
      ? []
      : (byNamespace.get(namespace) ?? []).filter(({ podSelector }) => matchesSelector(podSelector, labels.labels))
}
