import type { Cluster } from '../cluster/create-cluster.ts'
import { podOfOwnNode } from '../cluster/own-node.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import type { Direction } from '../objects/direction.ts'
import { type Connection, judge, type Peer, type Transport } from '../graph/judge.ts'
import { formatAddress } from '../addresses/format-address.ts'
import type { Policy, PolicyRule } from '../objects/objects.ts'
import type { Place } from '../objects/place.ts'
import { isolatingPolicies } from './isolating-policies.ts'
import { fitRule, type RuleFit, type SeenPeer } from './near-rule.ts'

/** A rule as people cite it. */
export interface RuleReference {
  readonly policy: string
  /** `egress[0]` */
  readonly rule: string
  /** Where it is written, when it came from a file. */
  readonly place: Place | undefined
}

/** A rule that does not grant, and what misses. */
export interface NearRule extends RuleReference {
  readonly fit: RuleFit
}

/** What one direction says, and why. */
export interface DirectionAnswer {
  /** Policies that isolate the pod of this direction; none: it is open, or it is no pod. */
  readonly isolatedBy: readonly string[]
  /** Of these, what could not be compiled and therefore grants nothing, with the reason. */
  readonly closed: readonly string[]
  readonly allowed: boolean
  /** Every rule that grants, and only such. */
  readonly grantedBy: readonly RuleReference[]
  /** Where it is denied: the rules nearest to granting it, nearest first. */
  readonly nearest: readonly NearRule[]
  /** Not judged here, because policy sees another address in this direction, which is answered by itself. */
  readonly elsewhere?: boolean | undefined
}

/** What the caller knows of an end, and its address does not tell. */
export interface KnownEnds {
  /** What to call the end that no pod owns; its address, when not given. */
  readonly outside?: string | undefined
  /** The pod, where the other end is known to be its own node. */
  readonly ownNode?: GraphPod | undefined
  /** The address only stands for others, and says nothing of the node. */
  readonly otherNode?: boolean | undefined
}

export interface ConnectionAnswer {
  readonly allowed: boolean
  /** Both ends are one pod: always allowed. */
  readonly itself: boolean
  /** One end is the node on which this pod, the other end, runs: always allowed. */
  readonly ownNode: GraphPod | undefined
  readonly egress: DirectionAnswer
  readonly ingress: DirectionAnswer
}

const MOST_NEAR_RULES = 3

/** Why one connection, as the hook sees it, is allowed or not. The verdict is that of `judge`. */
export function explainConnection(cluster: Cluster, connection: Connection, known: KnownEnds = {}): ConnectionAnswer {
  const { source, destination, transport } = connection
  const { graph } = cluster
  const verdict = judge(graph, connection)
  const from: Peer = { address: source, owner: graph.owners.get(formatAddress(source)) }
  const to: Peer = { address: destination, owner: graph.owners.get(formatAddress(destination)) }
  const itself = from.owner !== undefined && from.owner === to.owner
  const ownNode = known.ownNode ?? (known.otherNode === true ? undefined : podOfOwnNode(cluster, connection))
  const unjudged = itself || ownNode !== undefined
  const explain = (direction: Direction, pod: GraphPod | undefined, peer: Peer): DirectionAnswer => {
    if (pod === undefined) return OPEN_DIRECTION
    const seen = { peer, name: known.outside ?? formatAddress(peer.address) }
    const allowed = unjudged || verdict[direction].allowed
    return explainDirection(cluster, direction, pod, seen, transport, to.owner, allowed, unjudged)
  }
  return {
    allowed: unjudged || verdict.allowed,
    itself,
    ownNode,
    egress: explain('egress', from.owner, to),
    ingress: explain('ingress', to.owner, from),
  }
}

export const OPEN_DIRECTION: DirectionAnswer = { isolatedBy: [], closed: [], allowed: true, grantedBy: [], nearest: [] }

function explainDirection(
  cluster: Cluster,
  direction: Direction,
  pod: GraphPod,
  seen: SeenPeer,
  transport: Transport,
  destination: GraphPod | undefined,
  allowed: boolean,
  unjudged: boolean,
): DirectionAnswer {
  const policies = isolatingPolicies(cluster, pod, direction)
  const fits = policies.flatMap((policy) =>
    rulesOf(policy, direction).map((rule): NearRule => {
      const namespaced = { rule, namespace: policy.namespace }
      const fit = fitRule(cluster.graph, namespaced, direction, pod, seen, transport, destination)
      return { ...reference(policy, direction, rule), fit }
    }),
  )
  const far = allowed ? [] : fits.filter(({ fit }) => fit.distance > 0)
  return {
    isolatedBy: policies.map(podName),
    closed: closedReasons(cluster, policies, direction, pod),
    allowed,
    grantedBy: allowed && !unjudged ? fits.filter(({ fit }) => fit.distance === 0) : [],
    nearest: far.toSorted((left, right) => left.fit.distance - right.fit.distance).slice(0, MOST_NEAR_RULES),
  }
}

function rulesOf(policy: Policy, direction: Direction): readonly PolicyRule[] {
  const side = policy[direction]
  return side?.kind === 'rules' ? side.rules : []
}

function closedReasons(
  { closed }: Cluster,
  policies: readonly Policy[],
  direction: Direction,
  { pod }: GraphPod,
): readonly string[] {
  const ofPolicies = policies.flatMap((policy) => {
    const side = policy[direction]
    return side?.kind === 'closed' ? [`${podName(policy)} cannot be compiled: ${side.reason}`] : []
  })
  const ofPod = closed.flatMap((problem) =>
    problem.kind !== 'policy closed' && problem.direction === direction && problem.pod === podKey(pod)
      ? [`the policies of ${podName(pod)} cannot be compiled together: ${problem.reason}`]
      : [],
  )
  return [...ofPolicies, ...ofPod]
}

function reference(policy: Policy, direction: Direction, { index, place }: PolicyRule): RuleReference {
  return { policy: podName(policy), rule: `${direction}[${index}]`, place: place ?? policy.place }
}
